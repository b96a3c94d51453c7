export const chart = {
  loading: 'Loading',
  empty: 'There are no samples for this period.',
  starting: 'The first samples will arrive in a few seconds.',
  held: 'Paused while you hover',
  legend: 'Legend',
  connectionsByCredential: 'Connections by token',
  old: (credential: string) => `Old: ${credential}`,
  new: (credential: string) => `New: ${credential}`,
  strings: {
    chartAriaRoleDescription: 'line chart',
    detailPopoverDismissAriaLabel: 'Close',
    xAxisAriaRoleDescription: 'time axis',
    yAxisAriaRoleDescription: 'value axis',
  },
};
