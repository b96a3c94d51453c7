/** The pages behind the first one. They come as one script: they share most of what they need. */
export { default as Create } from './create';
export { default as Group } from './group';
export { default as Modify } from './modify';
export { default as Rotation } from './rotation';
export { default as SecurityGroups } from './security';
