"""Reading back: rows, checked bytes, and what is served to a browser."""

import pytest

from thongsuot.files import queries, storage
from thongsuot.files.tests import make
from thongsuot.files.tests.make import make_file
from thongsuot.files.views import serve
from thongsuot.kernel.errors import NotFound


def body(response):
    return b"".join(response.streaming_content)


def test_rows_come_in_one_query(db, django_assert_num_queries):
    first, second = make_file(), make_file(make.png(), name="ảnh.png")

    with django_assert_num_queries(1):
        rows = queries.file_rows([second.pk, first.pk, 0])

    assert [(row.id, row.name, row.content_type) for row in rows] == [
        (first.pk, "giấy khai sinh.pdf", "application/pdf"),
        (second.pk, "ảnh.png", "image/png"),
    ]


def test_an_unknown_file_is_not_found(db):
    with pytest.raises(NotFound):
        queries.open_checked(404)


def test_damage_on_disk_is_detected_and_nothing_of_it_served(db, caplog):
    stored = make_file(name="Đơn của Minh.pdf")
    path = storage.path_of(stored.blob.sha256)
    damaged = bytearray(path.read_bytes())
    damaged[100] ^= 1
    path.write_bytes(damaged)

    with pytest.raises(queries.FileDamaged):
        serve(stored.pk)

    assert list(queries.damaged()) == [stored.blob.sha256]
    assert "Minh" not in caplog.text
    assert str(stored.pk) in caplog.text


def test_missing_bytes_are_damage_too(db):
    stored = make_file()
    storage.path_of(stored.blob.sha256).unlink()

    with pytest.raises(queries.FileDamaged):
        queries.open_checked(stored.pk)


def test_a_file_is_served_as_a_download_that_can_do_nothing(db):
    stored = make_file(make.png(), name="ảnh thẻ.png")

    response = serve(stored.pk)

    assert body(response) == make.png()
    assert response.headers["Content-Type"] == "image/png"
    assert response.headers["Content-Disposition"] == "attachment; filename*=utf-8''%E1%BA%A3nh%20th%E1%BA%BB.png"
    assert response.headers["Content-Length"] == str(len(make.png()))
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("Kết quả", "Kết quả.pdf"),
        ("a.html", "a.html.pdf"),
        ('x"; filename="evil.exe', "x-; filename=-evil.exe.pdf"),
        ("a\r\nX-Evil: 1", "a X-Evil- 1.pdf"),
    ],
)
def test_another_download_name_cannot_lie_about_the_type(db, asked, given):
    from urllib.parse import unquote

    response = serve(make_file().pk, download_name=asked)

    assert given in unquote(response.headers["Content-Disposition"])
    assert "\n" not in response.headers["Content-Disposition"]
