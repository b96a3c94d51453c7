export const navigation = {
  title: 'Sections',
  menu: 'Menu',
  caches: 'Caches',
  parameters: 'Parameter groups',
  subnets: 'Subnet groups',
  security: 'Security groups',
  maintenance: 'Maintenance',
};
