#include "settings.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct settings settings = {.config_name = "CONFIG", .counting = 1, .network_address = 1};

/* read_client_network reads ADDRESS/BITS. */
static void read_client_network(const char *text) {
    char address[64];
    unsigned bits;
    struct in_addr in;
    if (sscanf(text, "%63[^/]/%u", address, &bits) != 2 || bits < 1 || bits > 32 ||
        inet_pton(AF_INET, address, &in) != 1)
        return;
    settings.network_mask = ~(uint32_t)0 << (32 - bits);
    settings.network_address = ntohl(in.s_addr) & settings.network_mask;
}

int read_settings(const char *path) {
    FILE *f = fopen(path, "re");
    if (!f) return 0;
    char usage_word[8] = "on", network[64] = "";
    int n = fscanf(f, "acl-secret %127s internal-prefix %127s config-name %127s usage %7s clients %lld network %63s",
                   settings.acl_secret, settings.internal_prefix, settings.config_name, usage_word, &settings.clients, network);
    fclose(f);
    settings.counting = strcmp(usage_word, "off") != 0;
    read_client_network(network);
    return n >= 2;
}
