/* The module's settings. They are written once, when the module is loaded, and only read afterwards. */
#ifndef AIKAGI_SETTINGS_H
#define AIKAGI_SETTINGS_H

#include <stdint.h>

#define MODULE_NAME "aikagi"
#define MAX_NAME 128

struct settings {
    char acl_secret[MAX_NAME];      /* the name by which the service calls the whole of ACL */
    char internal_prefix[MAX_NAME]; /* how the names of internal users begin */
    char config_name[MAX_NAME];     /* the name by which the engine knows CONFIG */
    int counting;                   /* whether uses are counted */
    long long clients;              /* how many connections clients may come to have, beyond what the engine begins with; 0: no more than that */

    /* The addresses that the service's own connections over the network come from: those of the
     * nodes. Host order; a mask of 0 and an address of 1 match none. */
    uint32_t network_address, network_mask;
};

extern struct settings settings;

/* read_settings reads the file that Render in settings.go renders. It returns 0 when it cannot be read, or lacks the
 * secret or the prefix. The secret is in a file because HELLO shows every client the arguments that a module was
 * loaded with. */
int read_settings(const char *path);

#endif
