"""A random but repeatable history of a ledger: each act as a command line and as a change of the
model. The seed gives the same acts every time."""
import datetime

from desk import import_words, text_of
from ledger_model import Allocation, Invoice, LedgerModel, Payment

CUSTOMERS = 40


class History:
    """Makes the next act. An act is (words, change of the model); apply the change when the
    command is known to have happened."""

    def __init__(self, random, first_invoices, prefix=""):
        self.random = random
        self.prefix = prefix  # of its numbers and customers, where others work beside it
        self.model = LedgerModel()
        self.today = datetime.date(2024, 3, 1)
        self.first_invoices = first_invoices
        self.promised = set()
        self.calls = 0
        self.promises = 0
        self.runs = []
        self.files = 0

    def day(self, after):
        return self.today + datetime.timedelta(days=after)

    def new_invoices(self, count):
        made = {}
        for number in range(len(self.model.invoices), len(self.model.invoices) + count):
            issued = self.day(-self.random.randrange(0, 120))
            made[f"{self.prefix}I{number:05d}"] = Invoice(
                f"{self.prefix}C{self.random.randrange(CUSTOMERS):03d}", issued,
                issued + datetime.timedelta(days=self.random.choice([0, 14, 30, 60])),
                self.random.randrange(1, 500_000))
        return made

    def import_act(self, desk, new=20, changed=20):
        """The ERP's export: all invoices, some new, some with another due date or amount."""
        rows = dict(self.model.invoices)
        for number in self.random.sample(sorted(rows), min(changed, len(rows))):
            old = rows[number]
            moved = old.due + datetime.timedelta(days=self.random.randrange(1, 40))
            rows[number] = (Invoice(old.customer, old.issued, moved, old.amount)
                            if self.random.random() < 0.5 else
                            Invoice(old.customer, old.issued, old.due, old.amount + 1234))
        rows.update(self.new_invoices(new if self.files else self.first_invoices))
        self.files += 1
        lines = [(n, i.customer, i.issued, i.due, text_of(i.amount)) for n, i in rows.items()]
        path = desk.write_invoices(f"{self.prefix}export-{self.files}.csv", lines)
        return import_words(path), lambda: self.model.invoices.update(rows)

    def open_invoices(self):
        applied = self.model.settled(self.today)[0]
        return [number for number, invoice in self.model.invoices.items()
                if invoice.issued <= self.today and invoice.amount > applied.get(number, 0)]

    def payment_act(self):
        number = f"{self.prefix}P{len(self.model.payments) + 1}"
        invoice = self.model.invoices[self.random.choice(self.open_invoices())]
        payment = Payment(invoice.customer, self.day(-self.random.randrange(0, 5)),
                          self.random.randrange(1, 2 * invoice.amount))
        words = ["payment", "record", number, "--customer", payment.customer, "--value-on",
                 str(payment.value_on), "--amount", text_of(payment.amount)]
        return words, lambda: self.model.payments.update({number: payment})

    def unspent(self):
        """Payments with cash left and the open invoices of their customers."""
        applied = self.model.settled(self.today)[1]
        owing = {}
        for number in self.open_invoices():
            owing.setdefault(self.model.invoices[number].customer, []).append(number)
        return [(number, owing[payment.customer])
                for number, payment in self.model.payments.items()
                if not payment.bounced_on and payment.customer in owing
                and payment.amount > applied.get(number, 0)]

    def allocation_act(self):
        """Applies a payment to an invoice, in part or whole. Nothing where no payment is left."""
        choices = self.unspent()
        if not choices:
            return self.payment_act()
        payment, invoices = self.random.choice(choices)
        invoice = self.random.choice(invoices)
        most = min(self.model.open_of(invoice, self.today),
                   self.model.unapplied_of(payment, self.today))
        made = Allocation(payment, invoice, self.today, self.random.choice(
            [most, self.random.randrange(1, most + 1)]))
        words = ["allocation", "apply", "--payment", payment, "--to",
                 f"{invoice}={text_of(made.amount)}", "--on", str(made.on)]
        return words, lambda: self.model.allocations.append(made)

    def take_back_act(self):
        """Takes back an allocation, in part or whole; a new allocation where there is none."""
        choices = [allocation for allocation in self.model.allocations
                   if allocation.identity and self.model.applied(allocation, self.today) > 0]
        if not choices:
            return self.allocation_act()
        allocation = self.random.choice(choices)
        left = self.model.applied(allocation, self.today)
        amount = self.random.choice([left, self.random.randrange(1, left + 1)])
        day = self.today
        words = ["allocation", "take-back", allocation.identity, "--amount", text_of(amount),
                 "--on", str(day)]
        return words, lambda: allocation.taken_back.append((day, amount))

    def bounce_act(self):
        """The bank takes back a payment; a new payment where there is none."""
        alive = [n for n, p in self.model.payments.items() if not p.bounced_on]
        if not alive:
            return self.payment_act()
        number = self.random.choice(alive)
        day = self.today

        def change():
            self.model.payments[number].bounced_on = day

        return ["payment", "bounce", number, "--on", str(day), "--reason", "No funds"], change

    def call_act(self):
        """A call about one invoice; half of them end with a promise of a part."""
        number = self.random.choice(self.open_invoices())
        customer = self.model.invoices[number].customer
        words = ["call", "log", "--customer", customer, "--at", f"{self.today}T14:00:00-05:00",
                 "--until", f"{self.today}T14:05:00-05:00", "--contact", "Jo Clerk",
                 "--disposition", "right_party_reached", "--item", number, "--reason", "cash_flow",
                 "--notes", f"{self.prefix}call {self.calls}", "--next", "call", "--next-on",
                 str(self.day(7))]
        promises = number not in self.promised and self.random.random() < 0.5
        if promises:
            amount = self.random.randrange(1, self.model.open_of(number, self.today) + 1)
            words += ["--promise", f"{text_of(amount)} by {self.day(4)} on {number}"]

        def change():
            self.calls += 1
            if promises:
                self.promises += 1
                self.promised.add(number)

        return words, change

    def run_act(self):
        """The daily run, one to four days after the one before."""
        self.today = self.day(self.random.randrange(1, 5))
        day = str(self.today)
        return ["run", "--as-of", day], lambda: self.runs.append(day)
