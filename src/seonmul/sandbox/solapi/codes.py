"""The vendor's status codes (its list of 2022), and which of them a recipient's last digits choose."""

from __future__ import annotations

ACCEPTED, WAITING, ARRIVED = "2000", "3000", "4000"

MEANINGS = {
    "1010": "필수 입력 값 미입력",
    "1011": "Format Error",
    "1013": "제목은 SMS에 사용 불가",
    "1014": "제목은 40byte까지",
    "1020": "등록된 계정이 아니거나 패스워드 틀림",
    "1021": "존재하지 않는 메시지",
    "1022": "존재하지 않는 그룹",
    "1023": "존재하지 않는 이미지",
    "1024": "서버 오류",
    "1025": "잘못된 메시지 타입",
    "1026": "중복 수신번호",
    "1027": "UTF8 형식만 가능",
    "1028": "Non Printable Characters 불가",
    "1029": "EUC-KR(완성형 한글) 범위 문자만 가능",
    "1030": "잔액 부족",
    "1031": "본문 길이 초과",
    "1032": "커스텀 필드 형식 오류(이름 30자, 값 100자, String)",
    "1033": "kakaoOptions는 ATA/CTA만 가능",
    "1034": "imageId 없음",
    "1041": "플러스친구 오류",
    "1042": "템플릿 아이디 오류",
    "1043": "템플릿과 내용 불일치",
    "1058": "전송경로 없음",
    "1060": "차단된 수신번호",
    "1061": "080 무료수신거부",
    "1062": "발신번호 미등록",
    "1064": "KISA 신고로 인한 차단",
    "2000": "정상 접수(이통사로 접수 예정)",
    "2011": "Format Error",
    "2024": "서버 오류",
    "2060": "차단된 수신번호",
    "2061": "080 무료수신거부",
    "2062": "발신번호 미등록",
    "2063": "차단된 계정",
    "2064": "KISA 신고로 인한 차단",
    "2230": "잔액 부족",
    "2254": "플랫폼 내부 스팸처리",
    "3000": "이통사로 접수 완료(리포트를 기다리는 중)",
    "3010": "수신번호 형식 오류",
    "3011": "Format Error",
    "3012": "연동처 서버 오류",
    "3013": "발신번호 형식 오류(세칙 위반)",
    "3014": "알 수 없는 메시지 상태",
    "3024": "서버 오류",
    "3031": "전송할 수 없음",
    "3032": "미가입자",
    "3040": "전송시간 초과",
    "3041": "단말기 busy",
    "3042": "음영지역",
    "3043": "단말기 Power off",
    "3044": "단말기 메시지 저장갯수 초과",
    "3045": "단말기 일시 서비스 정지",
    "3046": "기타 단말기 문제",
    "3047": "착신거절",
    "3048": "Unknown Code",
    "3050": "SMS서비스 불가 단말기",
    "3051": "착신측의 호불가 상태",
    "3052": "이통사 서버 운영자 삭제",
    "3053": "서버 메시지 Que Full",
    "3054": "SPAM",
    "3055": "SPAM, nospam.or.kr 등록번호",
    "3056": "전송실패(무선망단)",
    "3057": "전송실패(무선망->단말기단)",
    "3058": "전송경로 없음",
    "3059": "변작된 발신번호",
    "3060": "성인 인증 실패",
    "3101": "발신 프로필 키 무효",
    "3102": "친구 관계 아님",
    "3103": "메시지와 템플릿 불일치",
    "3104": "카카오톡 미사용자",
    "3105": "미등록 템플릿",
    "3106": "유효하지 않은 채널",
    "3107": "72시간 이내 미사용, 알림톡 차단 사용자",
    "3108": "발송 가능 시간 아님(08-20시)",
    "4000": "발송 처리를 완료함",
} | {str(code): "버튼 또는 이미지 형식 오류" for code in range(1044, 1054)}

# Nothing is ever heard of these: the message stays at 3000 and no report comes.
SILENT_DIGITS = "9999"

# A telephone whose store takes no picture any more: a text still arrives.
NO_PICTURE_DIGITS, STORE_FULL = "9998", "3044"

_FATES = {code: code for code in MEANINGS if code != ACCEPTED} | {SILENT_DIGITS: WAITING}


def fate_of(recipient: str, kind: str) -> str:
    """Choose what becomes of a message by the recipient's last four digits, and of a picture also by its kind.

    1xxx refused at acceptance, 2xxx and 3xxx the later result, 3000 silence for ever, otherwise 4000.
    """
    if kind == "MMS" and recipient[-4:] == NO_PICTURE_DIGITS:
        return STORE_FULL
    return _FATES.get(recipient[-4:], ARRIVED)


def is_refused(code: str) -> bool:
    """Tell whether a code means: refused at acceptance, stored, never sent."""
    return code < ACCEPTED
