"""What commands of local nodes refuse."""

from django.utils.translation import gettext_lazy as _

from thongsuot.kernel.errors import TellPerson


class NodeThere(TellPerson):
    code = "local_nodes.there"
    says = _("Điểm này đã có một máy tại chỗ. Thôi dùng máy đó rồi khai máy mới.")


class WrongNodeCode(TellPerson):
    code = "local_nodes.wrong_code"
    says = _("Mã ghép không đúng hoặc đã hết hạn. Hãy xin mã mới ở trang Máy tại chỗ của điểm.")


class UnknownNode(TellPerson):
    code = "local_nodes.unknown"
    status = 401
    says = _("Máy tại chỗ này chưa ghép hoặc đã thôi dùng. Hãy ghép lại bằng mã mới.")


class LinesNotOfHall(TellPerson):
    """The node's lines cannot be: they speak of another hall, or of what is nowhere."""

    code = "local_nodes.lines_not_of_hall"
    says = _("Máy tại chỗ gửi việc không thuộc sảnh của điểm (%(what)s). Chưa ghi gì. Hãy báo người quản trị.")

    def __init__(self, what: str) -> None:
        self.what = what
        super().__init__()


class LinesMissing(TellPerson):
    """What comes begins after what was taken: something between is lost."""

    code = "local_nodes.lines_missing"
    says = _("Máy tại chỗ gửi thiếu một đoạn việc đã làm. Chưa ghi gì. Hãy báo người quản trị.")


class NotActing(TellPerson):
    code = "local_nodes.not_acting"
    status = 409
    says = _("Đường truyền đã có lại. Hãy làm tiếp trên trang của thành phố.")


class NeedsCity(TellPerson):
    code = "local_nodes.needs_city"
    status = 503
    says = _(
        "Đang mất đường truyền đến thành phố: ở đây chỉ lấy số, gọi số và đánh giá. Việc khác hãy làm khi có lại đường truyền."
    )


class WrongHallCode(TellPerson):
    code = "local_nodes.wrong_hall_code"
    says = _("Mã tại chỗ không đúng. Hãy xem lại mã đã tạo trên trang của thành phố.")


class TooManyTries(TellPerson):
    code = "local_nodes.too_many_tries"
    status = 429
    says = _("Đã nhập sai nhiều lần. Hãy đợi 15 phút, hoặc nhờ đồng nghiệp có mã gọi số giúp.")
