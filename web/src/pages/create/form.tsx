import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { Problem } from '../../components/problem';
import { type EngineVersion, useCreate } from '../../data/create';
import { useText } from '../../i18n';
import { createWords } from '../../i18n/create';
import { usePageText } from '../../i18n/page-text';
import { href, paths } from '../../paths';
import { useFollow } from '../../shell/follow';
import { useNotices } from '../../shell/notices';
import { newDraft, refusalsOf, requestOf, wrongWith } from './draft';
import { Engine, Info, type PartProps } from './engine';
import { Nodes } from './nodes';
import { Maintenance, Tags } from './rest';
import { Security } from './security';

/** The form of a new cache. What is typed is lost with the page: there may be a token in it. */
export function CreateForm({ installed }: { installed: EngineVersion[] }) {
  const text = useText();
  const words = usePageText(createWords);
  const follow = useFollow();
  const { part, create, wrong, submit, form } = useForm(installed);
  return (
    <form onSubmit={submit} ref={form} noValidate>
      <Form
        header={
          <Header variant="h1" description={words.intro}>
            {text.common.create}
          </Header>
        }
        errorText={wrong.length > 0 && words.wrong}
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" href={href(paths.caches)} onFollow={follow}>
              {text.common.cancel}
            </Button>
            <Button variant="primary" loading={create.isPending} loadingText={words.creating}>
              {words.submit}
            </Button>
          </SpaceBetween>
        }
      >
        <SpaceBetween size="l">
          <Engine {...part} installed={installed} />
          <Info {...part} />
          <Nodes {...part} />
          <Security {...part} />
          <Maintenance {...part} />
          <Tags {...part} />
          {create.error && <Problem refused={words.refused} error={create.error} />}
        </SpaceBetween>
      </Form>
    </form>
  );
}

function useForm(installed: EngineVersion[]) {
  const words = usePageText(createWords);
  const [, navigate] = useLocation();
  const { tell } = useNotices();
  const [draft, setDraft] = useState(() => newDraft(installed));
  const [sent, setSent] = useState<typeof draft>();
  const [tries, setTries] = useState(0);
  const wrong = tries > 0 ? wrongWith(draft) : [];
  const create = useCreate(
    () => requestOf(draft),
    (id) => tell('info', words.created(id)),
  );
  const refused = refusalsOf(create.error, sent, draft);
  const form = useFirstWrong(tries, create.error);
  // Not for those who have gone elsewhere meanwhile.
  const onSuccess = (id: string) => navigate(paths.group(id));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    if (wrongWith(draft).length > 0 || create.isPending) return;
    setSent(draft);
    create.mutate(undefined, { onSuccess });
  };
  const onEdit: PartProps['onEdit'] = (edits) => setDraft((before) => ({ ...before, ...edits }));
  return { part: { draft, onEdit, wrong, refused }, create, wrong, submit, form };
}

/** Brings whoever tried in vain to the first field that is wrong. */
function useFirstWrong(tries: number, error: unknown) {
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    if (tries > 0 || error) form.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [tries, error]);
  return form;
}
