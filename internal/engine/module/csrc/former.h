/* The usage file as earlier releases wrote it. */
#ifndef AIKAGI_FORMER_H
#define AIKAGI_FORMER_H

/* renew_usage puts a file of the present layout, with the same figures, in the place of a former one. Without one, or without
 * room for both, it leaves everything as it is. It may be killed at any moment: the file is one of the two. */
void renew_usage(const char *name);

#endif
