import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { UnreachableError } from '../api/error';
import { keys } from '../data/keys';
import { useText } from '../i18n';
import { useNotices } from '../shell/notices';
import { Confirm } from './confirm';
import { confirmation, type Deletable, type Deletion, deleteEach, isConfirmed } from './delete';
import { Problem } from './problem';

interface DeleteDialogProps {
  caches: Deletable[]; // at least one
  onClose(): void;
  /** After the service has taken all of it on, unless this was closed before. */
  onDeleted?(): void;
}

/**
 * Deletes caches once somebody has typed that they mean it. What the service was asked for is done;
 * to close the dialog meanwhile keeps the other caches.
 */
export function DeleteDialog({ caches, onClose, onDeleted }: DeleteDialogProps) {
  const { deleteDialog: words } = useText();
  const [typed, setTyped] = useState('');
  const { left, refused, running, start } = useDeletion(caches, () => {
    onClose();
    onDeleted?.();
  });
  const submit = (event?: FormEvent) => {
    event?.preventDefault();
    if (isConfirmed(typed) && !running) start();
  };
  return (
    <Confirm
      title={words.title(left.length)}
      submit={words.submit}
      running={running}
      disabled={!isConfirmed(typed)}
      error={undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      <Box>{words.question(left.length)}</Box>
      <Names caches={left} />
      <Alert type="warning">{words.lost}</Alert>
      <form onSubmit={submit}>
        <FormField label={words.confirm(confirmation)}>
          <Input
            value={typed}
            placeholder={confirmation}
            onChange={({ detail }) => setTyped(detail.value)}
            autoComplete="off"
            spellcheck={false}
          />
        </FormField>
      </form>
      {refused.map(({ cache, error }) => (
        <Problem
          key={cache.id}
          refused={words.refused(cache.id)}
          unanswered={words.unanswered(cache.id)}
          error={error}
        />
      ))}
    </Confirm>
  );
}

function Names({ caches }: { caches: Deletable[] }) {
  return (
    <Box variant="div" padding={{ left: 's' }}>
      {caches.map(({ id }) => (
        <Box key={id} fontWeight="bold">
          {id}
        </Box>
      ))}
    </Box>
  );
}

/** What was refused stays, to be tried again; the rest is gone. It stops with the dialog. */
function useDeletion(caches: Deletable[], done: () => void) {
  const client = useQueryClient();
  const tellOf = useTellOf();
  const [left, setLeft] = useState(caches);
  const run = useRef<AbortController>(undefined);
  useEffect(() => () => run.current?.abort(), []);
  const deletion = useMutation({
    mutationFn: (stop: AbortSignal) => deleteEach(left, stop),
    onSuccess: (deletion, stop) => {
      for (const { id } of deletion.gone) client.invalidateQueries({ queryKey: keys.of(id) });
      tellOf(left, deletion, stop.aborted);
    },
  });
  // Not for those who have closed it meanwhile.
  const onSuccess = ({ refused }: Deletion) => {
    if (refused.length === 0) return done();
    setLeft(refused.map(({ cache }) => cache));
  };
  const start = () => {
    run.current = new AbortController();
    deletion.mutate(run.current.signal, { onSuccess });
  };
  return { left, refused: deletion.data?.refused ?? [], running: deletion.isPending, start };
}

/** Tells what was deleted; once the dialog is closed, also what was not. */
function useTellOf() {
  const { deleteDialog: words } = useText();
  const { tell } = useNotices();
  return (asked: Deletable[], { gone, refused }: Deletion, closed: boolean) => {
    if (gone.length > 0) tell('info', words.deleting(gone.map(({ id }) => id)));
    if (!closed) return;
    for (const { cache, error } of refused) {
      const lost = error instanceof UnreachableError;
      tell('error', lost ? words.unanswered(cache.id) : `${words.refused(cache.id)}: ${(error as Error).message}`);
    }
    const done = [...gone, ...refused.map(({ cache }) => cache)];
    const kept = asked.filter((cache) => !done.includes(cache)).map(({ id }) => id);
    if (kept.length > 0) tell('info', words.stopped(kept));
  };
}
