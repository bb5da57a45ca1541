"""The demo's shelves: twelve invented brands and sixty products. No real name, no real logo.

A product is a line of SHELVES: code | name | picture | general price | corporate price | sold | days on the corporate
list | most copies | marks (amount = 금액권, cash = gift certificate, pool = codes brought as a sheet, external = codes of
an external issuer). The face value is the general price.
"""

from __future__ import annotations

from dataclasses import dataclass

GENERAL_DAYS = 366

CATEGORIES = {
    "coffee": "커피·음료",
    "bakery": "베이커리",
    "store": "편의점",
    "meal": "치킨·피자·버거",
    "amount": "상품권·금액권",
    "life": "생활·문화",
}

#: Brand to the shops that take its vouchers.
BRANDS = {
    "달무리커피": "전국 달무리커피 매장 (공항·휴게소점 제외)",
    "온결찻집": "전국 온결찻집 매장",
    "밀마루제빵소": "전국 밀마루제빵소 매장 (백화점 입점 매장 제외)",
    "동그리도넛": "전국 동그리도넛 매장",
    "모퉁이24": "전국 모퉁이24 편의점",
    "새벽별마트": "전국 새벽별마트 (일부 군부대·병원점 제외)",
    "볏짚통닭": "전국 볏짚통닭 매장 방문 포장과 배달 주문",
    "화덕마을피자": "전국 화덕마을피자 매장 방문 포장과 배달 주문",
    "언덕위버거": "전국 언덕위버거 매장 (드라이브스루 포함)",
    "두레상품권": "두레상품권 가맹점과 두레몰",
    "별마루극장": "전국 별마루극장 매표소와 앱 예매",
    "풀꽃살림": "전국 풀꽃살림 매장과 온라인몰",
}

SHELVES = {
    "coffee": """
        달무리커피
        AMERICANO-ICE | 아이스 아메리카노 | iced-coffee | 4500 | 4300 | 48210 | 93 | 5 |
        AMERICANO-HOT | 따뜻한 아메리카노 | hot-coffee | 4500 | 4300 | 31877 | 93 | 5 |
        LATTE-ICE | 아이스 카페라떼 | iced-coffee | 5000 | 4800 | 18640 | 93 | 5 |
        LATTE-HOT | 따뜻한 카페라떼 | latte | 5000 | 4800 | 15392 | 93 | 5 |
        COFFEE-CAKE-SET | 아메리카노 두 잔과 치즈케이크 | cake | 15500 | 14900 | 9214 | 93 | 5 |
        COLDBREW | 콜드브루 | iced-coffee | 4900 | 4700 | 6105 | 31 | 5 |
        온결찻집
        YUJA-TEA | 유자차 | tea | 5500 | 5300 | 4420 | 93 | 5 |
        GREEN-LATTE | 말차 라떼 | latte | 5800 | 5500 | 5316 | 93 | 5 |
        OMIJA-ADE | 오미자 에이드 | drink | 6000 | 5700 | 3108 | 93 | 5 | external
        TEA-PAIR | 전통차 두 잔 세트 | tea | 11000 | 10500 | 2254 | 93 | 5 |
        """,
    "bakery": """
        밀마루제빵소
        TOAST-SINGLE | 달걀 토스트 | toast | 3900 | 3700 | 7741 | 93 | 1 |
        BREAD-SALT | 소금빵 세 개 | bread | 9000 | 8600 | 12480 | 31 | 5 |
        CREAM-BREAD | 생크림빵 | bread | 3500 | 3300 | 8866 | 31 | 5 |
        CAKE-STRAWBERRY | 딸기 생크림 케이크 1호 | cake | 32000 | 30900 | 6952 | 93 | 5 |
        CAKE-CHOCO | 초코 케이크 미니 | cake | 19000 | 18300 | 3870 | 93 | 5 |
        SANDWICH-HAM | 햄치즈 샌드위치 | sandwich | 6500 | 6200 | 5233 | 31 | 5 |
        동그리도넛
        DONUT-SIX | 도넛 여섯 개 상자 | donut | 10800 | 10300 | 11020 | 93 | 5 |
        DONUT-COFFEE | 도넛과 아메리카노 | donut | 6000 | 5700 | 4609 | 93 | 5 |
        ICECREAM-PINT | 아이스크림 파인트 | icecream | 9800 | 9400 | 14205 | 93 | 5 |
        ICECREAM-SINGLE | 아이스크림 싱글컵 | icecream | 3900 | 3700 | 10388 | 93 | 5 |
        """,
    "store": """
        모퉁이24
        STORE-DOSIRAK | 든든한 도시락 | dosirak | 5500 | 5300 | 6120 | 31 | 5 |
        STORE-MILK | 바나나우유 | drink | 1800 | 1700 | 22340 | 93 | 5 |
        STORE-SNACK | 과자 꾸러미 | snack | 5000 | 4800 | 8031 | 93 | 5 |
        STORE-COFFEE | 편의점 원두커피 | hot-coffee | 1500 | 1400 | 27115 | 93 | 5 |
        STORE-ICECREAM | 아이스크림 두 개 | icecream | 3000 | 2800 | 5527 | 93 | 5 |
        새벽별마트
        MART-SANDWICH | 새벽 샌드위치 | sandwich | 3800 | 3600 | 4219 | 31 | 5 |
        MART-FRUIT | 컵과일 | fruit | 4500 | 4300 | 2960 | 31 | 5 |
        MART-SALAD | 닭가슴살 샐러드 | salad | 5900 | 5600 | 3394 | 31 | 5 |
        MART-WATER | 탄산수 네 개 | drink | 4800 | 4600 | 1877 | 93 | 5 |
        MART-BAG | 간식 장바구니 | bag | 10000 | 9600 | 2418 | 93 | 5 |
        """,
    "meal": """
        볏짚통닭
        CHICKEN-FRIED | 후라이드 치킨과 콜라 | chicken | 21000 | 20200 | 16702 | 93 | 5 |
        CHICKEN-HALF | 반반 치킨 | chicken | 22000 | 21200 | 13455 | 93 | 5 |
        CHICKEN-SOY | 간장 순살 치킨 | chicken | 23000 | 22100 | 7012 | 93 | 5 |
        화덕마을피자
        PIZZA-CHEESE | 치즈 피자 중간 크기 | pizza | 19900 | 19100 | 5208 | 93 | 5 |
        PIZZA-BULGOGI | 불고기 피자 큰 크기 | pizza | 28900 | 27700 | 6671 | 93 | 5 |
        PIZZA-SET | 피자와 파스타 세트 | pizza | 35000 | 33600 | 2109 | 93 | 5 |
        언덕위버거
        BURGER-SET | 언덕버거 세트 | burger | 8900 | 8500 | 11840 | 93 | 5 |
        BURGER-CHICKEN | 닭다리살 버거 | burger | 6700 | 6400 | 5904 | 93 | 5 |
        BURGER-DOUBLE | 더블 버거 세트 | burger | 11500 | 11000 | 4077 | 93 | 5 |
        BURGER-FAMILY | 가족 버거 꾸러미 | burger | 29000 | 27800 | 1390 | 93 | 5 |
        """,
    "amount": """
        두레상품권
        GIFT-10000 | 모바일상품권 1만원권 | envelope | 10000 | 9950 | 9730 | 93 | 5 | amount cash
        GIFT-50000 | 모바일상품권 5만원권 | envelope | 50000 | 49750 | 7214 | 93 | 5 | amount cash
        GIFT-100000 | 모바일상품권 10만원권 | envelope | 100000 | 99500 | 3320 | 93 | 5 | amount cash
        FUEL-30000 | 주유권 3만원권 | fuel | 30000 | 29850 | 2841 | 93 | 5 | amount cash
        DELIVERY-20000 | 배달이용권 2만원권 | delivery | 20000 | 19900 | 4492 | 93 | 5 | amount cash
        달무리커피
        COFFEE-10000 | 1만원 금액권 | card | 10000 | 9700 | 8815 | 93 | 5 | amount
        COFFEE-30000 | 3만원 금액권 | card | 30000 | 29100 | 3902 | 93 | 5 | amount
        모퉁이24
        STORE-5000 | 5천원 금액권 | card | 5000 | 4850 | 19044 | 93 | 5 | amount
        STORE-10000 | 1만원 금액권 | card | 10000 | 9700 | 12067 | 93 | 5 | amount
        밀마루제빵소
        BAKERY-20000 | 2만원 금액권 | card | 20000 | 19400 | 5163 | 93 | 5 | amount
        """,
    "life": """
        별마루극장
        MOVIE-ONE | 영화 관람권 한 장 | movie | 14000 | 12900 | 10950 | 93 | 5 | pool
        MOVIE-PAIR | 영화 관람권 두 장과 팝콘 | movie | 35000 | 32500 | 4730 | 93 | 5 |
        POPCORN | 고소한 팝콘 큰 통 | snack | 6500 | 6200 | 1986 | 31 | 5 |
        풀꽃살림
        HAND-CREAM | 손 크림 세트 | beauty | 18000 | 17100 | 3617 | 93 | 5 |
        SHAMPOO | 쑥 샴푸 | beauty | 22000 | 20900 | 1452 | 93 | 5 |
        BATH-SET | 목욕용품 꾸러미 | beauty | 29000 | 27600 | 2204 | 93 | 5 |
        FLOWER-SMALL | 작은 꽃다발 | flower | 25000 | 24000 | 2871 | 31 | 1 |
        FLOWER-POT | 탁상 화분 | flower | 19000 | 18200 | 1330 | 93 | 5 |
        NOTEBOOK | 천 표지 공책 | book | 12000 | 11500 | 980 | 93 | 5 |
        FRUIT-BOX | 제철 과일 상자 | fruit | 39000 | 37400 | 1764 | 31 | 1 |
        """,
}

NOTES = {
    "goods": "매장 직원에게 바코드를 보여 주세요.\n매장 사정으로 준비되지 않으면 같은 값 이상의 다른 상품으로 바꿀 수 있습니다.\n"
    "다른 쿠폰이나 할인과 함께 쓰지 못할 수 있습니다.",
    "amount": "계산할 때 바코드를 보여 주면 남은 금액까지 여러 번 나누어 쓸 수 있습니다.\n"
    "현금으로 바꾸거나 다른 금액권을 사는 데에는 쓸 수 없습니다.",
}


@dataclass(frozen=True)
class Item:
    """One product of the demo with its price on both lists."""

    code: str
    name: str
    brand: str
    category: str
    picture: str
    general_won: int
    corporate_won: int
    sold: int
    corporate_days: int
    copies_most: int
    is_amount: bool
    is_gift_certificate: bool
    supplier: str


def pool_sheet(count: int = 3_000) -> bytes:
    """Codes of the demo's pool as its supplier sends them: 13 digits with the check digit of EAN, good for three years."""
    rows = ["쿠폰번호,유효기간"]
    for number in range(count):
        head = f"880{number:09d}"
        total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(head))
        rows.append(f"{head}{-total % 10},2029-12-31")
    return "\n".join(rows).encode()


#: What the demo's product is called at the sandbox's issuer.
GOODS_CODE = "G00000000101"


def items() -> list[Item]:
    """All sixty products, shelf by shelf."""
    found = []
    for category, lines in SHELVES.items():
        brand = ""
        for line in lines.strip().splitlines():
            cells = [cell.strip() for cell in line.split("|")]
            if len(cells) == 1:
                brand = cells[0]
            else:
                found.append(_item(cells, brand, category))
    return found


def _item(cells: list[str], brand: str, category: str) -> Item:
    code, name, picture, general, corporate, sold, days, copies, marks = cells
    return Item(
        code=code,
        name=name,
        brand=brand,
        category=category,
        picture=picture,
        general_won=int(general),
        corporate_won=int(corporate),
        sold=int(sold),
        corporate_days=int(days),
        copies_most=int(copies),
        is_amount="amount" in marks.split(),
        is_gift_certificate="cash" in marks.split(),
        supplier=next((one for one in ("pool", "external") if one in marks.split()), "own"),
    )
