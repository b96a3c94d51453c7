import { Page } from '../../shell';

export default function Group({ id }: { id: string; tab?: string }) {
  return <Page title={id}>…</Page>;
}
