export const deleteDialog = {
  title: (n: number) => (n === 1 ? 'Delete cache' : `Delete ${n} caches`),
  question: (n: number) => (n === 1 ? 'Permanently delete this cache?' : `Permanently delete these ${n} caches?`),
  lost: 'All nodes are stopped and all data is lost: no backup is made. Clients can no longer connect to the endpoints. This cannot be undone.',
  confirm: (word: string) => `To confirm, type ${word}`,
  submit: 'Delete',
  refused: (id: string) => `${id} was not deleted`,
  unanswered: (id: string) => `There was no answer: ${id} may have been deleted`,
  stopped: (ids: string[]) => `You stopped the deletion. Not deleted: ${ids.join(', ')}.`,
  deleting: (ids: string[]) =>
    ids.length === 1
      ? `The deletion of cache ${ids[0]} was accepted.`
      : `The deletion of ${ids.length} caches was accepted: ${ids.join(', ')}.`,
};
