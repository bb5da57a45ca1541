"""What a sheet is once it has been read, what may be noted about it, and why it may be refused. O1."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from seonmul.kit.refusals import No, Refusal, Refused, _

MOST_ROWS = 100_000
MOST_COLUMNS = 64
MOST_FILE_BYTES = 20 << 20
MOST_UNPACKED_BYTES = 200 << 20


class SheetFault(Refusal):
    """Why a whole file cannot be read as a recipient list. Nothing of it was kept. O1."""

    NOT_A_SHEET = (
        "sheet_not_a_sheet",
        _("엑셀이나 CSV 파일이 아닙니다. 명단을 xlsx 파일로 저장해 다시 올려 주세요."),
    )
    OLD_FORMAT = (
        "sheet_old_format",
        _("이 형식(xls, xlsb, ods 등)은 읽을 수 없습니다. 엑셀에서 xlsx로 저장해 다시 올려 주세요."),
    )
    ENCRYPTED = (
        "sheet_encrypted",
        _("암호나 문서보안(DRM)이 걸린 파일입니다. 풀어서 저장한 뒤 다시 올려 주세요."),
    )
    EMPTY = "sheet_empty", _("파일에 내용이 없습니다. 명단이 들어 있는지 확인하고 다시 올려 주세요.")
    TOO_BIG = (
        "sheet_too_big",
        _("파일이 {most_megabytes}MB를 넘어 읽지 않았습니다. 나누어 올려 주세요."),
    )
    TOO_MANY_ROWS = (
        "sheet_too_many_rows",
        _("{rows:,}행까지 값이 있습니다. 한 번에 {most:,}행까지 올릴 수 있으니 나누어 올려 주세요."),
    )
    TOO_MANY_COLUMNS = (
        "sheet_too_many_columns",
        _("열이 {columns:,}개입니다. {most}열까지 읽을 수 있으니 필요한 열만 남겨 다시 올려 주세요."),
    )
    UNPACKED_TOO_BIG = (
        "sheet_unpacked_too_big",
        _("압축을 풀면 지나치게 커지는 파일이라 읽지 않았습니다. 명단만 새 파일에 옮겨 다시 올려 주세요."),
    )
    TOO_HEAVY = (
        "sheet_too_heavy",
        _("값이 너무 넓게 흩어져 있거나 많아 읽지 못했습니다. 명단만 새 파일에 옮겨 다시 올려 주세요."),
    )
    UNREADABLE = (
        "sheet_unreadable",
        _("파일이 손상되어 읽을 수 없습니다. 엑셀에서 열어 다시 저장한 뒤 올려 주세요."),
    )
    TIMED_OUT = (
        "sheet_timed_out",
        _("{seconds}초 안에 다 읽지 못해 멈췄습니다. 명단만 새 파일에 옮기거나 나누어 올려 주세요."),
    )


class SheetRefused(Refused):
    """Raised when a file cannot be read: its stable ``code`` and its Korean sentence, ``text``."""

    def __init__(self, why: SheetFault, **numbers: int) -> None:
        super().__init__(No(why, numbers))

    @property
    def code(self) -> str:
        return self.no.code

    @property
    def text(self) -> str:
        return self.no.say()


class Mark(Refusal):
    """What is wrong with one cell beyond its text; in a column that counts, its row must be refused. O1."""

    LOST_DIGITS = (
        "cell_lost_digits",
        _("15자리가 넘는 숫자라 끝자리가 바뀌었습니다. 셀 서식을 텍스트로 바꾸고 다시 넣어 주세요."),
    )
    ERROR_VALUE = "cell_error_value", _("수식 오류(#N/A 등)가 있는 칸입니다. 값을 고쳐 주세요.")
    NO_RESULT = (
        "cell_no_result",
        _("계산 결과가 저장되지 않은 수식입니다. 엑셀에서 열어 저장하거나 값으로 바꿔 주세요."),
    )


class NoteKind(enum.Enum):
    """What people should know about a sheet that was read. Value: (stable code, Korean sentence)."""

    OTHER_SHEETS = "other_sheets", _("시트가 {sheets}개입니다. '{title}' 시트만 읽었습니다.")
    MERGED_CELLS = "merged_cells", _("병합된 셀이 {areas}곳 있습니다. 병합된 칸의 값은 첫 행에만 넣었습니다.")
    HIDDEN_ROWS = "hidden_rows", _("숨겨진 행 {rows}개도 함께 읽었습니다. 보낼 사람이 맞는지 확인해 주세요.")
    HEADER_ROW = "header_row", _("{row}행은 제목 줄로 보고 뺐습니다.")
    MAIL_ASIDE = (
        "mail_aside",
        _("{letter}열의 이메일은 담아 두었지만, 문자로 보내는 주문이라 받는 주소로 쓰지 않습니다."),
    )
    PHONE_ASIDE = (
        "phone_aside",
        _("{letter}열의 휴대폰 번호는 담아 두었지만, 이메일로 보내는 주문이라 받는 번호로 쓰지 않습니다."),
    )
    NOT_MAILS = "not_mails", _("{letter}열의 {cells}칸은 이메일 주소가 아닙니다. 열의 순서를 확인해 주세요.")
    COLUMNS_FULL = (
        "columns_full",
        _("담지 않은 열이 있습니다: {columns}. 메시지에 넣을 열은 {most}개까지 담을 수 있습니다."),
    )
    COLUMNS_SAME = (
        "columns_same",
        _("제목이 이미 쓰이고 있어 담지 않은 열이 있습니다: {columns}. 제목을 바꿔 다시 올려 주세요."),
    )
    COLUMNS_MOVED = "columns_moved", _("열 순서가 기본 양식과 달라 이렇게 읽었습니다: {columns}.")


@dataclass(frozen=True)
class Note:
    """A note with the numbers and words its sentence needs."""

    kind: NoteKind
    numbers: Mapping[str, object] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return str(self.kind.value[0])

    def say(self, translate: Callable[[str], str] = _) -> str:
        """Return the sentence with its numbers, translated by ``translate``."""
        return translate(self.kind.value[1]).format(**self.numbers)


@dataclass(frozen=True)
class Sheet:
    """A sheet as columns of text, all of one length; blank rows in between keep their place.

    Index 0 of a column is row 1 of the sheet. Cells are trimmed and free of control signs (tab and new line
    may stay); numbers have no ".0". ``marks`` names cells by (row index, column index).
    """

    columns: list[list[str]]
    title: str = ""
    marks: Mapping[tuple[int, int], Mark] = field(default_factory=dict)
    notes: tuple[Note, ...] = ()

    @property
    def height(self) -> int:
        return len(self.columns[0]) if self.columns else 0

    @property
    def width(self) -> int:
        return len(self.columns)

    def row(self, index: int) -> tuple[str, ...]:
        """Return the cells of one row, by its index from 0."""
        return tuple(column[index] for column in self.columns)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """Walk over all rows, blank ones too."""
        return zip(*self.columns, strict=True)

    @staticmethod
    def row_number(index: int) -> int:
        """Return the number that the spreadsheet shows beside the row of this index."""
        return index + 1


def letter_of(column: int) -> str:
    """Return the letters over a column: 0 is A, 26 is AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
