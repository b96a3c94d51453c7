export const chart = {
  loading: 'Loading',
  empty: 'There are no samples of this time.',
  starting: 'The first samples come in a few seconds.',
  held: 'Paused while you read',
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
