"""Made-up people. No number can belong to anybody: the fourth digit of the ID number is of a century to come, and no telephone
number begins with 010."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

_FAMILY = "Nguyễn Trần Lê Phạm Hoàng Vũ Phan Đặng Bùi Đỗ Hồ Ngô Dương Lý Đinh Trịnh Mai Đào Cao Tạ"
_FAMILY_WEIGHTS = (32, 11, 9, 7, 5, 4, 4, 3, 3, 2, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1)
_MIDDLE = ("Thị Thu Ngọc Thanh Thúy Minh Hồng Kim", "Văn Đức Minh Quang Hữu Công Xuân Đình")
_GIVEN = (
    "An Bích Chi Dung Hà Hạnh Hiền Hoa Hương Lan Liên Linh Loan Mai Nga Ngân Nhung Oanh Phương Thảo Thu Thủy Trang Yến",
    "Anh Bình Cường Dũng Duy Hải Hiếu Hòa Hùng Huy Khánh Khoa Long Mạnh Nam Phong Phúc Quân Sơn Thắng Thành Tuấn Việt",
)
_PROVINCES = "001 001 001 001 001 030 031 033 034 035 036 037 038 040 019 024 025 026"
_STREETS = ("Ví Dụ", "Hoa Ban", "Cây Gạo", "Bến Cũ", "Đê Mới", "Giếng Làng", "Hàng Mây", "Chợ Nhỏ", "Cầu Tre", "Gốc Đa")


@dataclass(frozen=True, slots=True)
class MadeUp:
    """An owner as filed, and the four digits that open the dossier."""

    name: str
    id_number: str
    phone: str
    email: str
    address: str

    @property
    def secret(self) -> str:
        return self.phone[-4:]


def name(random: Random) -> str:
    sex = random.randrange(2)
    family = random.choices(_FAMILY.split(), _FAMILY_WEIGHTS)[0]
    return f"{family} {random.choice(_MIDDLE[sex].split())} {random.choice(_GIVEN[sex].split())}"


def made_up(random: Random) -> MadeUp:
    number = random.randrange(10**8)
    return MadeUp(
        name=name(random),
        id_number=f"{random.choice(_PROVINCES.split())}{random.choice('45')}{number:08d}",
        phone=f"010{random.randrange(10**7):07d}",
        email=f"nguoi{number}@vidu.vn" if random.random() < 0.25 else "",
        address=f"Số {random.randrange(1, 400)} phố {random.choice(_STREETS)}",
    )
