import { Page } from '../../shell';

export default function Modify({ id }: { id: string; tab?: string }) {
  return <Page title={id}>…</Page>;
}
