import { Page } from '../../shell';

export default function Rotation({ id }: { id: string; tab?: string }) {
  return <Page title={id}>…</Page>;
}
