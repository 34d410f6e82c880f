/** Which column is which field, by the names that ERP exports give them; a person corrects it. */
const names: Record<string, string[]> = {
  number: ["number", "invoicenumber", "invoiceno", "invoice", "documentno", "beleg", "belegnr",
    "rechnungsnr", "rechnungsnummer", "docno"],
  customer: ["customer", "customerid", "customerno", "customernumber", "account", "accountno",
    "kunde", "kundennr", "kundennummer", "debitor", "debitorennr"],
  name: ["name", "customername", "company", "kundenname", "firma"],
  issued: ["issued", "invoicedate", "issuedate", "documentdate", "date", "datum", "belegdatum",
    "rechnungsdatum"],
  due: ["due", "duedate", "netduedate", "falligam", "falligkeit", "falligkeitsdatum"],
  amount: ["amount", "invoiceamount", "total", "betrag", "rechnungsbetrag", "bruttobetrag"],
  open: ["open", "openamount", "balance", "offen", "offenerbetrag"],
  currency: ["currency", "curr", "ccy", "whg", "wahrung"],
  value_on: ["valuedate", "valuta", "wertstellung", "paymentdate"],
  payer: ["payer", "zahler", "auftraggeber"],
  reference: ["reference", "purchaseorder", "po", "verwendungszweck", "bestellnummer"],
  settled_on: ["settleddate", "settledon", "paidon", "bezahltam"],
};

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^a-z0-9]/g, "");
}

export function guessMapping(columns: string[], fields: string[]): Record<string, string> {
  const mapping: Record<string, string> = {};
  const taken = new Set<string>();
  for (const field of fields) {
    const known = new Set([plain(field), ...(names[field] ?? [])]);
    const column = columns.find((one) => !taken.has(one) && known.has(plain(one)));
    if (!column) continue;
    mapping[field] = column;
    taken.add(column);
  }
  return mapping;
}
