import { useEffect, useState } from 'react';

/** The service's time at a moment of this page's clock, which may be wrong: what it told, and when that was heard. */
export function serverTime(asOf: Date | undefined, heardAt: number, here: number): Date {
  return new Date(asOf ? +asOf + Math.max(0, here - heardAt) : here);
}

/** The service's time, once a second: for the display of countdowns only. */
export function useServerNow(asOf: Date | undefined, heardAt: number): Date {
  const [here, setHere] = useState(Date.now);
  useEffect(() => {
    const ticker = setInterval(() => setHere(Date.now()), 1000);
    return () => clearInterval(ticker);
  }, []);
  return serverTime(asOf, heardAt, here);
}
