import { type AgingFigures, type Bucket, buckets, type Customer } from "../../api/types";
import { sum } from "../../texts/format";

/** The customer's items as an aging, one per currency; the totals are the server's own. */
export function agingOf(customer: Customer): AgingFigures[] {
  return customer.balances.map((balance) => {
    const own = customer.items.filter((item) => item.currency === balance.currency);
    const inBucket = (bucket: Bucket) =>
      sum(own.filter((item) => item.bucket === bucket && !item.open.startsWith("-"))
        .map((item) => item.open).concat(balance.total.replace(/\d/g, "0").replace("-", "")));
    const figures = Object.fromEntries(buckets.map((bucket) => [bucket, inBucket(bucket)]));
    return {
      currency: balance.currency,
      open_items: balance.open_items,
      customers: 1,
      total: balance.total,
      buckets: figures as Record<Bucket, string>,
      credits: balance.credits,
      unapplied_cash: balance.unapplied_cash,
      balance: balance.balance,
    };
  });
}
