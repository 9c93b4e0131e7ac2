"""Commands of local nodes: of the city about them, and of a node about itself."""

from thongsuot.local_nodes.actions.codes import make_hall_code
from thongsuot.local_nodes.actions.node import become_node, begin_to_act, follow, take_in
from thongsuot.local_nodes.actions.nodes import Joinable, ask_node_to_join_again, hear, join_node, retire_node, set_up_node
from thongsuot.local_nodes.actions.retelling import retell

__all__ = [
    "Joinable",
    "ask_node_to_join_again",
    "become_node",
    "begin_to_act",
    "follow",
    "hear",
    "join_node",
    "make_hall_code",
    "retell",
    "retire_node",
    "set_up_node",
    "take_in",
]
