"""Aging calculated anew, from the definitions and not from the program.

An open item is overdue by the days since its due date, 0 or fewer is not due. Documents count from
their issue date, payments from their value date, allocations from theirs until they are taken back.
A bounced payment counts until the day before the bounce. What of a payment is not allocated is
unapplied cash. Money is integer cents.
"""
import datetime
from dataclasses import dataclass, field
from typing import Optional

from desk import text_of

BUCKETS = ["not_due", "1_30", "31_60", "61_90", "91_120", "over_120"]

Day = datetime.date


@dataclass
class Invoice:
    customer: str
    issued: Day
    due: Day
    amount: int


@dataclass
class Payment:
    customer: str
    value_on: Day
    amount: int
    bounced_on: Optional[Day] = None


@dataclass
class Allocation:
    payment: str
    invoice: str
    on: Day
    amount: int
    taken_back: list = field(default_factory=list)  # (day, amount)
    identity: str = ""  # the program's id, where a test needs it


def bucket_of(due, as_of):
    days = (as_of - due).days
    if days <= 0:
        return "not_due"
    if days > 120:
        return "over_120"
    return BUCKETS[1 + (days - 1) // 30]


class LedgerModel:
    def __init__(self):
        self.invoices = {}
        self.payments = {}
        self.allocations = []

    def applied(self, allocation, as_of):
        """What of an allocation counts on the day."""
        if allocation.on > as_of:
            return 0
        bounced_on = self.payments[allocation.payment].bounced_on
        if bounced_on and bounced_on <= as_of:
            return 0
        return allocation.amount - sum(a for day, a in allocation.taken_back if day <= as_of)

    def settled(self, as_of):
        """By invoice and by payment: what is applied on the day."""
        invoices, payments = {}, {}
        for allocation in self.allocations:
            amount = self.applied(allocation, as_of)
            invoices[allocation.invoice] = invoices.get(allocation.invoice, 0) + amount
            payments[allocation.payment] = payments.get(allocation.payment, 0) + amount
        return invoices, payments

    def open_of(self, number, as_of):
        return self.invoices[number].amount - self.settled(as_of)[0].get(number, 0)

    def unapplied_of(self, number, as_of):
        return self.payments[number].amount - self.settled(as_of)[1].get(number, 0)

    def aging(self, as_of):
        """{customer: figures as the program prints them}, customers with nothing left out."""
        on_invoice, of_payment = self.settled(as_of)
        rows = {}

        def row(customer):
            return rows.setdefault(customer, {"items": 0, "buckets": dict.fromkeys(BUCKETS, 0),
                                              "unapplied": 0})

        for number, invoice in self.invoices.items():
            left = invoice.amount - on_invoice.get(number, 0)
            if invoice.issued > as_of or left == 0:
                continue
            row(invoice.customer)["items"] += 1
            row(invoice.customer)["buckets"][bucket_of(invoice.due, as_of)] += left
        for number, payment in self.payments.items():
            bounced = payment.bounced_on and payment.bounced_on <= as_of
            if payment.value_on <= as_of and not bounced:
                row(payment.customer)["unapplied"] += payment.amount - of_payment.get(number, 0)
        return {customer: printed(figures) for customer, figures in rows.items()
                if figures["items"] or figures["unapplied"]}


def printed(figures):
    total = sum(figures["buckets"].values())
    return {"open_items": figures["items"], "total": text_of(total),
            "buckets": {name: text_of(minor) for name, minor in figures["buckets"].items()},
            "unapplied_cash": text_of(figures["unapplied"]),
            "balance": signed(total - figures["unapplied"])}


def signed(minor):
    return text_of(minor) if minor >= 0 else "-" + text_of(-minor)


def aging_of(answer):
    """The rows of `aging --by customer`, in the form of LedgerModel.aging."""
    rows = {}
    for row in answer["rows"]:
        figures = {name: row[name] for name in
                   ["open_items", "total", "buckets", "unapplied_cash", "balance"]}
        assert row["credits"] == "0.00" and row["currency"] == "USD", row
        if figures["open_items"] or figures["unapplied_cash"] != "0.00":
            rows[row["customer"]] = figures
    return rows


def check_aging(desk, model, as_of, *known_at):
    """The program's aging is the model's, to the cent; its total line is the sum of its rows."""
    answer = desk.do("aging", "--by", "customer", "--as-of", str(as_of), *known_at)
    got, expected = aging_of(answer), model.aging(as_of)
    wrong = {c: (got.get(c), expected.get(c)) for c in got.keys() | expected.keys()
             if got.get(c) != expected.get(c)}
    assert not wrong, f"aging as of {as_of} {known_at}: (program, model) {wrong}"
    sums = answer["currencies"][0] if answer["currencies"] else {"open_items": 0, "customers": 0}
    assert sums["open_items"] == sum(row["open_items"] for row in expected.values()), sums
    assert sums["customers"] == sum(1 for row in expected.values() if row["open_items"]), sums
