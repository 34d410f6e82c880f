/** A line without axes; the figure beside it is the text. */
export function Sparkline({ values, low, high }: {
  values: (number | null)[];
  low?: number;
  high?: number;
}) {
  const known = values.filter((value): value is number => value !== null);
  if (known.length < 2) return <svg className="spk" aria-hidden="true" />;
  const limits = [...known, ...[low, high].filter((value) => value !== undefined)];
  const least = Math.min(...limits);
  const most = Math.max(...limits);
  const [width, height, edge] = [64, 30, 3];
  const x = (index: number) => edge + (index * (width - 2 * edge)) / (values.length - 1);
  const y = (value: number) =>
    height - edge - ((value - least) * (height - 2 * edge)) / (most - least || 1);
  const points = values.flatMap((value, index) =>
    value === null ? [] : [`${x(index).toFixed(1)},${y(value).toFixed(1)}`]);
  const lastAt = values.findLastIndex((value) => value !== null);
  return (
    <svg className="spk" viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      {low !== undefined && high !== undefined && (
        <rect className="b" x="0" width={width} y={y(high)} height={Math.max(1, y(low) - y(high))} />
      )}
      <polyline points={points.join(" ")} />
      <circle cx={x(lastAt)} cy={y(values[lastAt] ?? 0)} r="2" />
    </svg>
  );
}
