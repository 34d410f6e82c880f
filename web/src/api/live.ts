import { useEffect, useRef, useState } from "react";

/** `customers` is null where too many changed to name them. */
export interface Change { entity: string; customers: string[] | null; kinds: string[] }

/**
 * Changes as they happen, within the caller's rights. The browser connects again by itself; after an
 * interruption `onChange` is called with nothing named, for anything may have changed.
 */
export function useLive(entity: string, onChange: (change: Change | null) => void): boolean {
  const [connected, setConnected] = useState(false);
  const callback = useRef(onChange);
  callback.current = onChange;
  useEffect(() => {
    const source = new EventSource("/api/v1/events");
    let interrupted = false;
    source.onopen = () => {
      setConnected(true);
      if (interrupted) callback.current(null);
      interrupted = false;
    };
    source.onerror = () => {
      setConnected(false);
      interrupted = true;
    };
    source.addEventListener("change", (event: MessageEvent<string>) => {
      const change = JSON.parse(event.data) as Change;
      if (change.entity === entity) callback.current(change);
    });
    return () => source.close();
  }, [entity]);
  return connected;
}
