// All that the console says, with what pages have themselves; for tests.
import { createWords as create } from './create';
import { en } from './en';
import { ja } from './ja';
import { maintenanceWords as maintenance } from './maintenance';
import { modifyWords as modify } from './modify';
import { parameterWords as parameters } from './parameters';
import { securityWords as security } from './security';
import { subnetWords as subnets } from './subnets';
import { upgradeWords as upgrade } from './upgrade';

export const all = {
  en: {
    ...en,
    create: create.en,
    maintenance: maintenance.en,
    modify: modify.en,
    parameters: parameters.en,
    security: security.en,
    subnets: subnets.en,
    upgrade: upgrade.en,
  },
  ja: {
    ...ja,
    create: create.ja,
    maintenance: maintenance.ja,
    modify: modify.ja,
    parameters: parameters.ja,
    security: security.ja,
    subnets: subnets.ja,
    upgrade: upgrade.ja,
  },
};
