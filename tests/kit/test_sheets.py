import datetime
import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from seonmul.kit import phones, sheets
from seonmul.kit.sheets import Mark, NoteKind, SheetFault, SheetRefused

WORKBOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"
 xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>
<sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="rId1" Target="worksheets/sheet1.xml"
 Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>"""
TYPES = (
    """<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"""
)


def book(*fillings):
    """Make an xlsx; each filling writes one worksheet."""
    file = io.BytesIO()
    workbook = xlsxwriter.Workbook(file)
    for fill in fillings:
        fill(workbook.add_worksheet(), workbook)
    workbook.close()
    return file.getvalue()


def rows_book(*rows):
    def fill(sheet, workbook):
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, datetime.date):
                    day = workbook.add_format({"num_format": "yyyy-mm-dd"})
                    sheet.write_datetime(number, column, value, day)
                elif value is not None:
                    sheet.write(number, column, value)

    return book(fill)


def raw_book(sheet_data, **others):
    """Make an xlsx by hand around the inside of <sheetData>."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels",
            RELATIONS.replace("worksheets/sheet1", "xl/workbook").replace(
                "relationships/worksheet", "relationships/officeDocument"
            ),
        )
        archive.writestr("xl/workbook.xml", WORKBOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS)
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            part.write(f'<worksheet xmlns="{main}"><sheetData>'.encode())
            for piece in [sheet_data] if isinstance(sheet_data, str) else sheet_data:
                part.write(piece.encode())
            part.write(b"</sheetData></worksheet>")
        for name, content in others.items():
            archive.writestr(name.replace("__", "/"), content)
    return file.getvalue()


def picture():
    """Make a PNG of one pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def cells(data, name="list.xlsx", **limits):
    return list(sheets.read(data, name, **limits).rows())


def refusal(data, name="list.xlsx", **limits):
    with pytest.raises(SheetRefused) as refused:
        sheets.read(data, name, **limits)
    why = refused.value.no.why
    assert refused.value.code == why.code and why.code.startswith("sheet_")
    text = refused.value.text
    assert text.endswith("주세요.") and "{" not in text
    return why, text


# What is read


def test_text_numbers_dates_and_blanks_come_as_plain_text():
    data = rows_book(
        ["휴대폰", "기타"],
        ["010-1234-5678", 3],
        [1012345678, 0.5],
        [None, None],
        ["+82 10-1234-5678", datetime.date(2026, 11, 22)],
        ["０１０－１２３４－５６７８", True],
        [" 010\u00a01234 5678\n", 1e-7],
    )
    assert cells(data) == [
        ("휴대폰", "기타"),
        ("010-1234-5678", "3"),
        ("1012345678", "0.5"),
        ("", ""),
        ("+82 10-1234-5678", "2026-11-22"),
        ("０１０－１２３４－５６７８", "TRUE"),
        ("010\u00a01234 5678", "1e-07"),
    ]


def test_every_spelling_of_a_number_in_a_sheet_is_one_number():
    spelt = ["1012345678.0", 1012345678.0, 1012345678, "+821012345678", "０１０１２３４５６７８"]
    data = rows_book(*([cell] for cell in spelt))
    column = sheets.read(data, "list.xlsx").columns[0]
    assert {phones.normalise_mobile(cell) for cell in column} == {"01012345678"}


def test_a_moment_keeps_its_time():
    def fill(sheet, workbook):
        shape = workbook.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        sheet.write_datetime(0, 0, datetime.datetime(2026, 11, 22, 9, 30), shape)

    assert cells(book(fill)) == [("2026-11-22 09:30:00",)]


def test_formulas_give_their_kept_value():
    def fill(sheet, workbook):
        sheet.write_formula(0, 0, '="010"&"12345678"', None, "01012345678")
        sheet.write_formula(1, 0, "=A1", None, 1012345678)

    sheet = sheets.read(book(fill), "list.xlsx")
    assert sheet.columns == [["01012345678", "1012345678"]] and not sheet.marks


def test_error_cells_and_formulas_without_a_value_are_marked_not_lost():
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>01012345678</t></is></c></row>'
        '<row r="2"><c r="A2" t="e"><f>VLOOKUP(1,B:C,2,0)</f><v>#N/A</v></c></row>'
        '<row r="3"><c r="A3"><f>B3</f></c><c r="B3" t="str"><f>A1</f><v>김</v></c></row>'
        '<row r="5"><c r="A5" t="str"><f t="shared" si="0"/><v></v></c></row>'
    )
    sheet = sheets.read(raw_book(rows), "list.xlsx")
    assert sheet.columns[0] == ["01012345678", "", "", "", ""]
    assert sheet.columns[1][2] == "김"
    assert sheet.marks == {(1, 0): Mark.ERROR_VALUE, (2, 0): Mark.NO_RESULT, (4, 0): Mark.NO_RESULT}


def test_error_cells_are_found_across_the_pieces_of_a_large_sheet():
    def rows():
        for n in range(1, 30_001):
            error = '<c r="B{n}" t="e"><v>#REF!</v></c>' if n % 10_000 == 0 else ""
            yield f'<row r="{n}"><c r="A{n}"><v>10{n:08}</v></c>{error.format(n=n)}</row>'

    marks = sheets.read(raw_book(rows()), "list.xlsx").marks
    assert marks == {(n, 1): Mark.ERROR_VALUE for n in (9_999, 19_999, 29_999)}


def test_numbers_of_more_than_15_digits_are_marked():
    data = rows_book([123456789012345], [1234567890123456], ["1234567890123456789"])
    sheet = sheets.read(data, "list.xlsx")
    assert sheet.columns == [["123456789012345", "1234567890123456", "1234567890123456789"]]
    assert sheet.marks == {(1, 0): Mark.LOST_DIGITS}


@pytest.mark.parametrize("mark", list(Mark))
def test_every_mark_has_a_sentence(mark):
    assert mark.code.startswith("cell_") and mark.sentence.endswith(("주세요.", "니다."))


def test_merged_cells_keep_their_value_in_the_first_and_are_told():
    def fill(sheet, workbook):
        sheet.merge_range(0, 0, 2, 0, "01012345678")
        sheet.write(2, 1, "김")

    sheet = sheets.read(book(fill), "list.xlsx")
    assert sheet.columns == [["01012345678", "", ""], ["", "", "김"]]
    assert [(note.kind, note.numbers["areas"]) for note in sheet.notes] == [(NoteKind.MERGED_CELLS, 1)]


def test_hidden_rows_are_read_and_told():
    def fill(sheet, workbook):
        sheet.write_column(0, 0, ["01011112222", "01033334444", "01055556666"])
        sheet.set_row(1, None, None, {"hidden": True})

    sheet = sheets.read(book(fill), "list.xlsx")
    assert sheet.height == 3
    assert [note.kind for note in sheet.notes] == [NoteKind.HIDDEN_ROWS]
    assert sheet.notes[0].say().startswith("숨겨진 행 1개도")


def test_the_first_visible_sheet_with_content_is_read():
    def hidden(sheet, workbook):
        sheet.write(0, 0, "비밀")
        sheet.hide()

    def blank(sheet, workbook):
        sheet.activate()

    def full(sheet, workbook):
        sheet.write(0, 0, "01012345678")

    sheet = sheets.read(book(hidden, blank, full, full), "list.xlsx")
    assert (sheet.title, sheet.columns) == ("Sheet3", [["01012345678"]])
    assert sheet.notes[0].kind is NoteKind.OTHER_SHEETS and "'Sheet3'" in sheet.notes[0].say()


def test_row_numbers_are_those_of_the_spreadsheet():
    def fill(sheet, workbook):
        sheet.write(4, 2, "01012345678")

    sheet = sheets.read(book(fill), "list.xlsx")
    assert sheet.row(4) == ("", "", "01012345678") and sheet.row_number(4) == 5
    assert (sheet.height, sheet.width) == (5, 3)


def test_control_signs_leave_but_new_lines_stay():
    assert cells(rows_book(["가\x01\x1f나\n다"])) == [("가나\n다",)]
    assert cells("가\x01\x1f나,다\n".encode(), "list.csv") == [("가나", "다")]


def test_a_path_is_read_too(tmp_path):
    path = tmp_path / "list.xlsx"
    path.write_bytes(rows_book(["01012345678"]))
    assert cells(path) == cells(str(path)) == [("01012345678",)]


CSV_ROWS = [("휴대폰", "이름"), ("010-1234-5678", "홍길동"), ("", ""), ("1012345678", "김, 철수")]
CSV = '휴대폰,이름\r\n010-1234-5678,홍길동\r\n\r\n1012345678,"김, 철수"\r\n'


@pytest.mark.parametrize("coding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
def test_csv_in_the_codings_that_office_programs_write(coding):
    assert cells(CSV.encode(coding), "list.csv") == CSV_ROWS


@pytest.mark.parametrize("separator", [";", "\t"])
def test_csv_with_other_separators(separator):
    text = f"010-1234-5678{separator}김, 철수\n01022223333{separator}이\n"
    assert cells(text.encode(), "list.txt") == [("010-1234-5678", "김, 철수"), ("01022223333", "이")]


def test_a_csv_of_one_column_and_a_csv_named_xls():
    assert cells(b"01012345678\n01022223333", "list.csv") == [("01012345678",), ("01022223333",)]
    assert cells(b"01012345678\tA\n", "list.xls") == [("01012345678", "A")]


# What is refused


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\t\n"])
def test_an_empty_file(data):
    assert refusal(data, "list.csv")[0] is SheetFault.EMPTY
    assert refusal(data)[0] is SheetFault.EMPTY


def test_a_workbook_and_a_csv_without_a_value():
    assert refusal(book(lambda sheet, workbook: None))[0] is SheetFault.EMPTY
    assert refusal(rows_book(["  "]))[0] is SheetFault.EMPTY
    assert refusal(b",,\n,,\n", "list.csv")[0] is SheetFault.EMPTY


@pytest.mark.parametrize(
    "data", [picture(), b"\xff\xd8\xff\xe0JFIF", b"%PDF-1.7", bytes(range(256)) * 9, b"01012345678 text"]
)
def test_a_picture_and_others_named_xlsx(data):
    assert refusal(data)[0] is SheetFault.NOT_A_SHEET


def test_a_picture_named_csv_and_a_zip_of_something_else():
    assert refusal(picture(), "list.csv")[0] is SheetFault.NOT_A_SHEET
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(file.getvalue())[0] is SheetFault.NOT_A_SHEET


def container(*words):
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 512
        + b"".join(word.encode("utf-16-le") for word in words)
    )


def test_an_encrypted_workbook_and_document_security():
    assert refusal(container("EncryptionInfo", "EncryptedPackage"))[0] is SheetFault.ENCRYPTED
    assert refusal(b"<## NASCA DRM FILE - VER1.00 ##>")[0] is SheetFault.ENCRYPTED


def test_old_and_other_formats_are_told_to_be_saved_as_xlsx():
    why, text = refusal(container("Workbook"), "list.xls")
    assert why is SheetFault.OLD_FORMAT and "xlsx로 저장" in text
    assert refusal(b"<html><table><td>1</td></table></html>", "list.xls")[0] is SheetFault.OLD_FORMAT
    for member in ("xl/workbook.bin", "content.xml", "Index/Document.iwa"):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr(member, "x")
        assert refusal(file.getvalue())[0] is SheetFault.OLD_FORMAT
    assert refusal(container("WordDocument"), "list.xls")[0] is SheetFault.NOT_A_SHEET


def test_a_file_too_big(tmp_path):
    path = tmp_path / "list.csv"
    path.write_bytes(b"1" * (sheets.MOST_FILE_BYTES + 1))
    why, text = refusal(path, "list.csv")
    assert why is SheetFault.TOO_BIG and "20MB" in text


def test_too_many_rows_says_how_many_and_the_limit():
    def fill(sheet, workbook):
        sheet.write_column(0, 0, ["01012345678"] * 1_002)

    why, text = refusal(book(fill), most_rows=1_000)
    assert why is SheetFault.TOO_MANY_ROWS and "1,002행" in text and "1,000행" in text
    why, text = refusal(b"01012345678\n" * 1_002, "list.csv", most_rows=1_000)
    assert why is SheetFault.TOO_MANY_ROWS and "1,000행" in text


def test_a_header_row_is_not_counted():
    numbers = ["01012345678"] * 10
    for first, allowed in (("휴대폰 번호", True), ("01012345678", False)):
        lines = [first, *numbers]
        written = rows_book(*([line] for line in lines))
        for data, name in ((written, "a.xlsx"), ("\n".join(lines).encode(), "a.csv")):
            if allowed:
                assert sheets.read(data, name, most_rows=10).height == 11
            else:
                assert refusal(data, name, most_rows=10)[0] is SheetFault.TOO_MANY_ROWS


def test_blank_lines_by_the_million_cost_nothing():
    assert cells(b"1\n" + b"\n" * 3_000_000, "list.csv") == [("1",)]
    assert refusal(b"\n" * 3_000_000 + b"1", "list.csv")[0] is SheetFault.TOO_MANY_ROWS


def test_too_many_columns():
    why, text = refusal(rows_book(list(range(65))))
    assert why is SheetFault.TOO_MANY_COLUMNS and "65" in text and "64" in text
    assert refusal(b",".join([b"1"] * 65), "list.csv")[0] is SheetFault.TOO_MANY_COLUMNS
    assert len(cells(b"1" + b"," * 200, "list.csv")[0]) == 1


def test_one_value_in_the_last_row_of_a_small_sheet():
    far = '<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    assert refusal(raw_book(far))[1].startswith("1,048,576행까지")


def test_an_area_bomb_does_not_reach_the_parent():
    far = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    data = raw_book(far)
    assert len(data) < 2_000
    assert refusal(data)[0] is SheetFault.TOO_HEAVY


def test_a_zip_bomb():
    blank = " " * (1 << 20)
    assert refusal(raw_book(blank for _ in range(8)))[0] is SheetFault.UNPACKED_TOO_BIG


def test_a_zip_bomb_that_lies_about_its_size():
    data = bytearray(raw_book(" " * (1 << 20) for _ in range(64)))
    entry = data.rfind(b"xl/worksheets/sheet1.xml") - 46  # its line in the directory at the end
    assert data[entry : entry + 4] == b"PK\x01\x02"
    data[entry + 24 : entry + 28] = struct.pack("<I", 1_000)
    assert refusal(bytes(data))[0] in {SheetFault.UNREADABLE, SheetFault.EMPTY}


def test_one_long_text_repeated_does_not_multiply_into_memory():
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>{}</t></si></sst>'
    )
    rows = (f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c></row>' for n in range(1, 60_001))
    data = raw_book(rows, **{"xl__sharedStrings.xml": strings.format("가" * 30_000)})
    relation = RELATIONS.replace(
        "</Relationships>",
        '<Relationship Id="rId2" Target="sharedStrings.xml" Type='
        '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"/></Relationships>',
    )
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            is_relations = item.filename == "xl/_rels/workbook.xml.rels"
            new.writestr(item.filename, relation if is_relations else old.read(item))
    assert refusal(file.getvalue())[0] is SheetFault.TOO_HEAVY


def test_the_memory_limit_is_a_sentence():
    wide = '<row r="1"><c r="A1"><v>1</v></c></row><row r="900000"><c r="H900000"><v>1</v></c></row>'
    assert refusal(raw_book(wide), memory_bytes=160 << 20)[0] is SheetFault.TOO_HEAVY
    assert refusal(raw_book(wide))[0] is SheetFault.TOO_MANY_ROWS


def test_a_time_out():
    assert refusal(rows_book(["01012345678"]), timeout_seconds=0.001)[0] is SheetFault.TIMED_OUT


def test_damaged_files():
    whole = rows_book(["01012345678"])
    assert refusal(whole[: len(whole) // 2])[0] is SheetFault.UNREADABLE
    assert refusal(raw_book("<row><<<"))[0] is SheetFault.UNREADABLE
    assert refusal(b'1,"' + b"x" * 200_000, "list.csv")[0] is SheetFault.UNREADABLE


def test_a_refusal_tells_nothing_of_the_content():
    with pytest.raises(SheetRefused) as refused:
        sheets.read(b"01012345678,\n" * 5, "hong.csv", most_rows=2)
    assert "0101" not in str(refused.value) + refused.value.text and "hong" not in str(refused.value)


# Which column holds what


def guess(*rows):
    return sheets.guess_columns(sheets.read(rows_book(*rows), "list.xlsx"))


def test_the_usual_order_needs_no_note():
    found = guess(["010-1234-5678", "a@b.kr", "홍", "영업팀"], ["01022223333", "", "Customer 7", "개발팀"])
    assert (found.phone, found.mail, found.name, found.copies) == (0, 1, 2, None)
    assert (found.extras, found.first_index, found.notes) == ((3,), 0, ())


def test_two_columns_swapped_are_found_by_their_content():
    found = guess(["a@b.kr", "010-1234-5678", "홍길동"], ["c@d.kr", "010-2222-3333", "김철수"])
    assert (found.phone, found.mail, found.name) == (1, 0, 2)
    assert found.notes[0].kind is NoteKind.COLUMNS_MOVED
    assert found.notes[0].say().endswith("휴대폰 B열, 이메일 A열, 이름 C열.")


def test_a_name_in_the_column_of_the_mail():
    found = guess(["010-1234-5678", "홍길동", "영업팀"], ["010-2222-3333", "김철수", "개발팀"])
    assert (found.phone, found.mail, found.name, found.extras) == (0, None, 1, (2,))


def test_a_header_row_names_the_columns():
    found = guess(
        ["사번", "성명", "휴대폰 번호(필수)", "E-Mail", "수량", "부서"],
        [1001, "홍길동", 1012345678, "a@b.kr", 2, "영업"],
    )
    assert (found.phone, found.mail, found.name, found.copies) == (2, 3, 1, 4)
    assert (found.extras, found.first_index) == ((0, 5), 1)
    assert found.headers[5] == "부서"
    assert found.notes[0].say() == "1행은 제목 줄로 보고 뺐습니다."


def test_of_two_phone_columns_the_one_with_mobile_numbers():
    found = guess(
        ["전화번호", "휴대전화"], ["02-123-4567", "010-1234-5678"], ["031-234-5678", "010-2222-3333"]
    )
    assert found.phone == 1


def test_a_caption_above_the_header_is_left_out_with_it():
    found = guess(["2026 추석 선물 명단"], [None], ["이름", "연락처"], ["홍길동", "010-1234-5678"])
    assert (found.phone, found.name, found.first_index) == (1, 0, 3)


def test_a_first_row_that_is_a_person_is_never_taken_for_titles():
    assert guess(["없음", None, "홍길동"], ["010-1234-5678", None, "김철수"]).first_index == 0
    assert not sheets.looks_like_header(["010-1234-5678", "", "이름"])
    assert not sheets.looks_like_header(["홍길동", "영업팀"])
    assert sheets.looks_like_header(["H.P", "비고"])


def test_names_alone_leave_the_phone_where_it_should_be():
    found = guess(["이름", "비고"], ["홍길동", "x"])
    assert (found.phone, found.name) == (1, 0)


# What is pasted


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("010 1234 5678\n010-2222-3333\r\n0101", [("010 1234 5678",), ("010-2222-3333",), ("0101",)]),
        ("01011112222,01033334444;010-5555-6666", [("01011112222",), ("01033334444",), ("010-5555-6666",)]),
        ("010 1111 2222 010 3333 4444", [("010 1111 2222",), ("010 3333 4444",)]),
        ("01011112222 01033334444", [("01011112222",), ("01033334444",)]),
        ("010-1111-2222, 010-3333-444", [("010-1111-2222",), ("010-3333-444",)]),
        ("홍길동 010 1234 5678", [("010 1234 5678", "", "홍길동")]),
        ("010-1234-5678, a@b.kr, 홍길동", [("010-1234-5678", "a@b.kr", "홍길동")]),
        ("Kim Min Su, 010-1111-2222", [("010-1111-2222", "", "Kim Min Su")]),
        ("1. 010-1234-5678\n2. 01022223333 김", [("010-1234-5678", "", ""), ("01022223333", "", "김")]),
        ("010-1234-5678\ta@b.kr\t홍 길동\n", [("010-1234-5678", "a@b.kr", "홍 길동")]),
        ("이름,휴대폰\n홍,01012345678", [("이름", "휴대폰"), ("홍", "01012345678")]),
        ("０１０－１２３４－５６７８", [("０１０－１２３４－５６７８",)]),
        ("01011112222\n\n010-33", [("01011112222",), ("",), ("010-33",)]),
        ("홍 010-1111-2222 김 010-3333-4444", [("홍 010-1111-2222 김 010-3333-4444",)]),
        ("+82 10-1111-2222 / +82 10-3333-4444", [("+82 10-1111-2222 / +82 10-3333-4444",)]),
        ("none", [("none",)]),
    ],
)
def test_paste(text, rows):
    assert list(sheets.paste(text).rows()) == rows


def test_no_number_of_a_paste_is_lost():
    lines = [f"010-1111-{n:04} 010 2222 {n:04},홍{n}" if n % 3 else f"010-3333-{n:04}" for n in range(99)]
    text = "\n".join(lines)
    pasted = "".join(cell for row in sheets.paste(text).rows() for cell in row)
    assert all(f"{n:04}" in pasted for n in range(99))


def test_paste_refuses_nothing_and_too_much():
    for text, why in ((" \n\t\n", SheetFault.EMPTY), ("01012345678\n" * 11, SheetFault.TOO_MANY_ROWS)):
        with pytest.raises(SheetRefused) as refused:
            sheets.paste(text, most_rows=10)
        assert refused.value.no.why is why
    assert sheets.paste("01012345678\n" * 10, most_rows=10).height == 10


# What is written


def test_written_sheets_come_back_as_they_were():
    file = io.BytesIO()
    rows = [["01012345678", 3, "홍길동", None], ["=1+1", 4, "@SUM(A1)", "http://example.com"]]
    sheets.write_xlsx(file, ["번호", "수량", "이름", "이름"], iter(rows), text_columns=[0])
    sheet = sheets.read(file.getvalue(), "out.xlsx")
    assert list(sheet.rows()) == [
        ("번호", "수량", "이름", "이름 (2)"),
        ("01012345678", "3", "홍길동", ""),
        ("=1+1", "4", "@SUM(A1)", "http://example.com"),
    ]
    assert not sheet.marks


def test_no_formula_and_text_format_for_numbers_of_people(tmp_path):
    path = tmp_path / "out.xlsx"
    rows = [["=HYPERLINK(1)", 1], [1012345678, 2], ["+82", 3]]
    sheets.write_xlsx(path, ["번호", "수량"], rows, text_columns=[0])
    with zipfile.ZipFile(path) as archive:
        xml = archive.read("xl/worksheets/sheet1.xml").decode()
        styles = archive.read("xl/styles.xml").decode()
    assert "<f>" not in xml and "hyperlink" not in xml.lower().replace("=hyperlink(1)", "")
    assert '<numFmt numFmtId="164" formatCode="@"/>' in styles
    cell_styles = styles[styles.index("<cellXfs") :].split("<xf ")[1:]
    text_style = next(n for n, style in enumerate(cell_styles) if 'numFmtId="164"' in style)
    assert (
        f'style="{text_style}"' in xml[xml.index('<col min="1"') :].partition("/>")[0]
    )  # blank cells below too
    assert f'<c r="A2" s="{text_style}"' in xml
    values = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    assert values[2] == ["1012345678", 2.0]


def test_a_cell_longer_than_a_cell_may_be_is_cut():
    file = io.BytesIO()
    sheets.write_xlsx(file, ["글"], [["가" * 40_000]])
    assert sheets.read(file.getvalue(), "out.xlsx").columns[0][1] == "가" * 32_767


def test_letters_of_columns():
    letters = [sheets.letter_of(column) for column in (0, 1, 25, 26, 51, 52, 701, 702)]
    assert letters == ["A", "B", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]
