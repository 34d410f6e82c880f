"""The measured questions in SQL, one text for PostgreSQL, SQLite and DuckDB.

Days are numbers since 1970-01-01, amounts minor units, ordinals numbers: whole numbers only, so
that all sides must agree to the last digit. The rules are those of strategy::standard_strategy and
of the portfolio (src/domain/strategy, src/domain/portfolio); the comparison of the whole ordered
lists checks that they are.

Hints that the engines get, because somebody who wants speed would give them:
- sums are cast to 64 bits at once (a score on numeric or hugeint costs several times as much);
- "today" reads open_amount and settled_on as a system keeps them up to date when it posts;
- the balance of 30 days ago is today's less what was issued and plus what was paid since;
- the unapplied cash has rows only where it was not applied at once;
- an item without open amount was settled on the day of its last allocation.
"""

LATEST = 2147483647
BANDS = {
    "overdue": ((1, 2), (10000, 5), (50000, 10), (100000, 15), (250000, 20), (500000, 25),
                (1000000, 30), (2500000, 35), (5000000, 40), (10000000, 45), (25000000, 50),
                (100000000, 60)),
    "days": ((1, 2), (8, 5), (15, 10), (31, 15), (61, 20), (91, 25), (121, 30)),
    "risk": ((10, 2), (50, 5), (100, 10), (200, 15), (300, 20)),
    "broken": ((1, 15), (2, 20), (3, 25)),
    "rising": ((25, 5), (50, 8), (100, 10)),
}
SMALL_BALANCE = 1000
PROMISE_DAYS = 90
RISING_DAYS = 30
# 12 months before a day; the days that are measured are no ends of months.
SETTLED_DAYS = 365

TABLES = {
    "invoice": "id int, customer_id int, issued_on int, due_on int, amount bigint, "
               "open_amount bigint, settled_on int, disputed_on int, disputed_known int, "
               "known_from int, known_until int",
    "alloc": "invoice_id int, customer_id int, on_day int, value_on int, amount bigint, "
             "known_from int",
    "payment": "customer_id int, value_on int, amount bigint, known_from int",
    "cash": "customer_id int, on_day int, amount bigint, known_from int",
    "promise": "customer_id int, invoice_id int, made_on int, deadline int, amount bigint, "
               "known_from int",
    "month": "m int, first_day int, last_day int",
    "calendar": "d int primary key, m int",
}


def indices(dialect):
    """What the questions want; covering, so that a vacuumed table need not be looked at."""
    if dialect == "duckdb":
        return []

    def index(name, keys, more, where=""):
        columns = f"({keys}) INCLUDE ({more})" if dialect == "postgresql" else f"({keys}, {more})"
        table = name.split("_")[0]
        return f"CREATE INDEX {name} ON {table}{columns}{where}"

    unique = "CREATE UNIQUE INDEX invoice_id ON invoice(id, known_from)"
    return [
        unique,
        index("invoice_open", "customer_id",
              "id, due_on, amount, open_amount, disputed_on, known_from",
              " WHERE open_amount <> 0"),
        index("invoice_settled", "customer_id, settled_on", "due_on, amount",
              " WHERE settled_on IS NOT NULL AND amount > 0"),
        index("invoice_issued", "issued_on", "customer_id, amount, known_from, known_until"),
        index("alloc_invoice", "invoice_id", "on_day, value_on, amount, known_from"),
        index("payment_value", "value_on", "customer_id, amount, known_from"),
        index("promise_deadline", "deadline",
              "customer_id, invoice_id, made_on, amount, known_from"),
    ]


def points(value, bands):
    cases = " ".join(f"WHEN {value} >= {least} THEN {given}" for least, given in reversed(bands))
    return f"CASE {cases} ELSE 0 END"


class Dialect:
    def __init__(self, name):
        self.name = name
        self.big = "" if name == "sqlite" else "::bigint"
        self.over = "//" if name == "duckdb" else "/"
        self.least, self.greatest = (
            ("min", "max") if name == "sqlite" else ("least", "greatest"))
        # SQLite looks a sum up by key faster than it groups and joins.
        self.look_up = name == "sqlite"

    def total(self, value, where=""):
        condition = f" FILTER (WHERE {where})" if where else ""
        return f"coalesce(sum({value}){condition}, 0){self.big}"


def known(known_at, column="known_from"):
    return f" AND {column} <= {known_at}" if known_at else ""


def in_force(known_at):
    if not known_at:
        return f"known_until = {LATEST}"
    return f"known_from <= {known_at} AND known_until > {known_at}"


def items(dialect, day, known_at, kept):
    """Common table expressions: open_item (customer_id, id, due_on, open, disputed) and late
    (customer_id, weighted, amount) of what was settled within twelve months. Where open amounts are
    grouped and joined, open_item has the settled ones too, and there is no late: one pass."""
    big = dialect.big
    since = day - SETTLED_DAYS
    late_days = f"{dialect.greatest}(settled_on - due_on, 0)"
    disputed = (f"(disputed_on IS NOT NULL AND disputed_on <= {day}"
                f"{known(known_at, 'disputed_known')})")
    if kept:
        return f"""
open_item AS (
  SELECT customer_id, id, due_on, open_amount AS open, {disputed} AS disputed
  FROM invoice WHERE open_amount <> 0),
late AS (
  SELECT customer_id, sum(amount * {late_days}){big} AS weighted, sum(amount){big} AS amount
  FROM invoice WHERE settled_on IS NOT NULL AND amount > 0 AND settled_on > {since}
  GROUP BY customer_id),"""
    if not dialect.look_up:
        return f"""
open_item AS (
  SELECT i.customer_id, i.id, i.due_on, i.amount, {disputed} AS disputed,
    i.amount - coalesce(p.paid, 0) AS open, p.settled_on
  FROM invoice i LEFT JOIN (
    SELECT invoice_id, sum(amount){big} AS paid, max(on_day) AS settled_on FROM alloc
    WHERE on_day <= {day}{known(known_at)} GROUP BY invoice_id) p ON p.invoice_id = i.id
  WHERE i.issued_on <= {day} AND {in_force(known_at)}),"""

    def looked_up(what):
        return (f"(SELECT {what} FROM alloc a WHERE a.invoice_id = i.id AND a.on_day <= {day}"
                f"{known(known_at, 'a.known_from')})")

    item = f"""
  SELECT customer_id, id, due_on, amount, {disputed} AS disputed,
    amount - coalesce({looked_up('sum(a.amount)')}, 0) AS open,
    {looked_up('max(a.on_day)')} AS settled_on
  FROM invoice i WHERE issued_on <= {day} AND {in_force(known_at)}"""
    return f"""
item AS MATERIALIZED ({item}),
open_item AS (SELECT customer_id, id, due_on, open, disputed FROM item WHERE open <> 0),
late AS (
  SELECT customer_id, sum(amount * {late_days}){big} AS weighted, sum(amount){big} AS amount
  FROM item WHERE open = 0 AND amount > 0 AND settled_on > {since} GROUP BY customer_id),"""


def promises(dialect, day, known_at):
    """Common table expression: promised (customer_id, invoice_id, deadline, amount, paid), of what
    is not over or was over lately."""
    # What was paid counts by its value date, where it was allocated by the day.
    paid = (f"(SELECT sum(a.amount) FROM alloc a WHERE a.invoice_id = p.invoice_id"
            f" AND a.on_day <= {day} AND a.value_on BETWEEN p.made_on AND p.deadline"
            f"{known(known_at, 'a.known_from')})")
    return f"""
promised AS (
  SELECT customer_id, invoice_id, deadline, amount,
    {dialect.least}({dialect.greatest}(coalesce({paid}, 0), 0), amount){dialect.big} AS paid
  FROM promise p WHERE deadline >= {day - PROMISE_DAYS} AND made_on <= {day}{known(known_at)}),
broken AS (
  SELECT customer_id, count(*){dialect.big} AS broken FROM promised x
  WHERE deadline < {day} AND paid < amount AND NOT EXISTS (
    SELECT 1 FROM invoice d WHERE d.id = x.invoice_id AND d.disputed_on <= x.deadline
      AND d.disputed_on <= {day}{known(known_at, 'd.disputed_known')})
  GROUP BY customer_id),"""


def worklist(dialect_name, day, known_at=0, kept=False):
    """Every customer with something open: (customer_id, points, overdue), in order."""
    d = Dialect(dialect_name)
    before = day - RISING_DAYS
    if kept or d.look_up:
        late_sums = ""
        late = "coalesce(l.weighted, 0) AS weighted, coalesce(l.amount, 0) AS settled"
        late_join = "LEFT JOIN late l ON l.customer_id = o.customer_id"
    else:
        settled = f"o.open = 0 AND o.amount > 0 AND o.settled_on > {day - SETTLED_DAYS}"
        days_late = f"o.amount * {d.greatest}(o.settled_on - o.due_on, 0)"
        late_sums = (f", {d.total(days_late, settled)} AS weighted, "
                     f"{d.total('o.amount', settled)} AS settled")
        late = "o.weighted, o.settled"
        late_join = ""
    return f"""WITH{items(d, day, known_at, kept)}{promises(d, day, known_at)}
open_sum AS (
  SELECT o.customer_id, {d.total('o.open', f'o.open > 0 AND o.due_on >= {day}')} AS not_due,
    {d.total('o.open', f'o.open > 0 AND o.due_on < {day}')} AS overdue,
    {d.total('-o.open', 'o.open < 0')} AS credits,
    min(o.due_on) FILTER (WHERE o.open > 0 AND o.due_on < {day} AND NOT o.disputed
      AND o.open > coalesce(p.amount - p.paid, 0)) AS oldest_chased{late_sums}
  FROM open_item o LEFT JOIN promised p ON p.invoice_id = o.id AND p.deadline >= {day}
  GROUP BY o.customer_id),
unapplied AS (
  SELECT customer_id, sum(amount){d.big} AS amount FROM cash
  WHERE on_day <= {day}{known(known_at)} GROUP BY customer_id),
change AS (
  SELECT customer_id, sum(amount){d.big} AS amount FROM (
    SELECT customer_id, amount FROM invoice
    WHERE issued_on > {before} AND issued_on <= {day} AND {in_force(known_at)}
    UNION ALL
    SELECT customer_id, -amount FROM payment
    WHERE value_on > {before} AND value_on <= {day}{known(known_at)}) x
  GROUP BY customer_id),
fact AS (
  SELECT o.customer_id, {d.greatest}(o.overdue - o.credits - coalesce(u.amount, 0), 0) AS overdue,
    o.not_due + o.overdue - o.credits - coalesce(u.amount, 0) AS balance, o.oldest_chased,
    coalesce(c.amount, 0) AS growth, {late}, coalesce(b.broken, 0) AS broken
  FROM open_sum o LEFT JOIN unapplied u ON u.customer_id = o.customer_id
    LEFT JOIN change c ON c.customer_id = o.customer_id
    {late_join}
    LEFT JOIN broken b ON b.customer_id = o.customer_id
  WHERE o.not_due + o.overdue > 0),
factor AS (
  SELECT customer_id, overdue, broken,
    CASE WHEN overdue > 0 AND balance >= {SMALL_BALANCE} AND oldest_chased IS NOT NULL
      THEN {day} - oldest_chased ELSE 0 END AS days,
    CASE WHEN settled > 0 THEN (weighted * 20 + settled) {d.over} (settled * 2) ELSE 0 END AS risk,
    CASE WHEN growth > 0 AND balance - growth > 0
      THEN growth * 100 {d.over} (balance - growth) ELSE 0 END AS rising
  FROM fact)
SELECT customer_id,
  {points('overdue', BANDS['overdue'])} + {points('days', BANDS['days'])}
  + {points('risk', BANDS['risk'])} + {points('broken', BANDS['broken'])}
  + {points('rising', BANDS['rising'])} AS points, overdue
FROM factor ORDER BY 2 DESC, 3 DESC, 1"""


def aging(dialect_name, day):
    """One row: open items, the six buckets, credits, unapplied cash, as of the last day."""
    d = Dialect(dialect_name)
    edges = ((f"due_on >= {day}",)
             + tuple(f"due_on BETWEEN {day - last} AND {day - first}"
                     for first, last in ((1, 30), (31, 60), (61, 90), (91, 120)))
             + (f"due_on < {day - 120}",))
    buckets = ", ".join(d.total("open_amount", f"open_amount > 0 AND {edge}") for edge in edges)
    return f"""SELECT count(*) FILTER (WHERE open_amount > 0), {buckets},
  {d.total('-open_amount', 'open_amount < 0')}, (SELECT {d.total('amount')} FROM cash)
FROM invoice WHERE open_amount <> 0"""


class Months:
    """How a dialect finds the month of a day: number since July 2024."""

    def __init__(self, dialect):
        self.first = self.more = self.also = ""
        name = dialect.name
        if name == "postgresql":
            self.first = ("b AS (SELECT array_agg(first_day ORDER BY m) AS s"
                          " FROM month WHERE m > 0),")
            self.more = ", b"
            self.of = "width_bucket({}, b.s)".format
        elif name == "duckdb":
            date = "(DATE '1970-01-01' + {0})"
            self.of = f"((year({date}) - 2024) * 12 + month({date}) - 7)".format
        else:
            # CROSS JOIN keeps SQLite from beginning with the calendar.
            self.more = " CROSS JOIN calendar c1 CROSS JOIN calendar c2"
            self.of = {"i.issued_on": "c1.m", "a.on_day": "c1.m", "(i.due_on + 1)": "c2.m"}.get
            self.also = " AND c1.d = {} AND c2.d = i.due_on + 1"


def series(dialect_name):
    """24 months: number, sales, receivables, of these not due, DSO by count-back, CEI."""
    d = Dialect(dialect_name)
    months = Months(d)
    late_month = months.of("(i.due_on + 1)")
    return f"""WITH {months.first} issued AS MATERIALIZED (
  SELECT {months.of('i.issued_on')} AS in_month, {late_month} AS late_month,
    sum(i.amount){d.big} AS amount, {d.total('i.amount', 'i.amount > 0')} AS debts
  FROM invoice i{months.more}
  WHERE i.known_until = {LATEST}{months.also.format('i.issued_on')} GROUP BY 1, 2),
taken AS MATERIALIZED (
  SELECT {months.of('a.on_day')} AS in_month, {late_month} AS late_month,
    sum(a.amount){d.big} AS amount, {d.total('a.amount', 'i.amount > 0')} AS debts
  FROM alloc a {'CROSS ' if d.name == 'sqlite' else ''}JOIN invoice i
    {'' if d.name == 'sqlite' else 'ON i.id = a.invoice_id'}{months.more}
  WHERE i.id = a.invoice_id AND i.known_until = {LATEST}{months.also.format('a.on_day')}
  GROUP BY 1, 2),
unapplied AS MATERIALIZED (
  SELECT m.m, (SELECT coalesce(sum(c.amount), 0) FROM cash c WHERE c.on_day <= m.last_day){d.big}
    AS amount FROM month m WHERE m.m < 24),
level AS MATERIALIZED (
  SELECT m.m, m.last_day - m.first_day + 1 AS days,
    (SELECT coalesce(sum(amount), 0) FROM issued WHERE in_month = m.m){d.big} AS sales,
    (SELECT coalesce(sum(amount), 0) FROM issued WHERE in_month <= m.m){d.big}
      - (SELECT coalesce(sum(amount), 0) FROM taken WHERE in_month <= m.m){d.big} - u.amount AS ar,
    (SELECT coalesce(sum(debts), 0) FROM issued WHERE in_month <= m.m AND late_month > m.m){d.big}
      - (SELECT coalesce(sum(debts), 0) FROM taken
         WHERE in_month <= m.m AND late_month > m.m){d.big}
      AS not_due
  FROM month m JOIN unapplied u ON u.m = m.m WHERE m.m < 24),
counted AS (
  SELECT t.m, u.days, u.sales, t.ar, coalesce(sum(u.sales) OVER (PARTITION BY t.m
    ORDER BY u.m DESC ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS newer
  FROM level t JOIN level u ON u.m <= t.m),
dso AS (
  SELECT m, sum(days * {d.greatest}(0, {d.least}(1, (ar - newer) * 1.0 / sales))) AS dso
  FROM counted GROUP BY m),
last AS (
  SELECT m, sales, ar, not_due, coalesce(lag(ar) OVER (ORDER BY m), 0) AS beginning FROM level)
SELECT l.m, l.sales, l.ar, l.not_due, dso.dso,
  100.0 * (beginning + sales - ar) / (beginning + sales - not_due) AS cei
FROM last l JOIN dso ON dso.m = l.m ORDER BY l.m"""
