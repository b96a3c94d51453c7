import { useEffect, useState } from 'react';

/** How much of the page the bar at the top covers, in pixels: what sticks stays below it. */
export function useTopHeight(): number {
  const [height, setHeight] = useState(0);
  useEffect(() => {
    const top = document.getElementById('top');
    if (!top) return;
    const observer = new ResizeObserver(() => setHeight(top.offsetHeight));
    observer.observe(top);
    return () => observer.disconnect();
  }, []);
  return height;
}
