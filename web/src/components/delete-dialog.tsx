import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { keys } from '../data/keys';
import { useText } from '../i18n';
import { useNotices } from '../shell/notices';
import { Confirm } from './confirm';
import { confirmation, type Deletable, deleteEach, isConfirmed } from './delete';
import { Problem } from './problem';

interface DeleteDialogProps {
  caches: Deletable[]; // at least one
  onClose(): void;
  /** After the service has taken all of it on. */
  onDeleted?(): void;
}

/** Deletes caches once somebody has typed that they mean it. */
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
        <Problem key={cache.id} header={words.refused(cache.id)} error={error} />
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

/** What was refused stays, to be tried again; the rest is gone. */
function useDeletion(caches: Deletable[], done: () => void) {
  const { deleteDialog: words } = useText();
  const { tell } = useNotices();
  const client = useQueryClient();
  const [left, setLeft] = useState(caches);
  const deletion = useMutation({
    mutationFn: () => deleteEach(left),
    onSuccess: (refused) => {
      const kept = refused.map(({ cache }) => cache);
      const gone = left.filter((cache) => !kept.includes(cache)).map(({ id }) => id);
      for (const id of gone) client.invalidateQueries({ queryKey: keys.of(id) });
      if (gone.length > 0) tell('info', words.deleting(gone));
      if (kept.length === 0) return done();
      setLeft(kept);
    },
  });
  return { left, refused: deletion.data ?? [], running: deletion.isPending, start: () => deletion.mutate() };
}
