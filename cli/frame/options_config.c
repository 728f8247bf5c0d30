// SPDX-License-Identifier: Apache-2.0
/* Settings: defaults, then --config, then --profile, then each --set, then --product and the verb's own
 * options. */
#include "cli/frame/cli.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#define FIELD(name) offsetof(cli_call, name)
const cli_place cli_config_places[] = {
    {"config", .offset = FIELD(config_path)},
    {"profile", .offset = FIELD(profile)},
    {"product", .offset = FIELD(product)},
    {"set", .offset = FIELD(settings)},
    {0},
};

static px_status set_profile(cli_call *call, px_error *err) {
    static const px_profile profiles[] = {PX_PROFILE_HONEST, PX_PROFILE_REFERENCE};
    const char *names[] = {px_profile_name(profiles[0]), px_profile_name(profiles[1])};
    size_t i;
    px_status status = cli_parse_choice("profile", call->profile, names, 2, &i, err);
    if (!status)
        px_config_set_profile(&call->config, profiles[i]);
    return status;
}

static px_status set_one(cli_call *call, const char *setting, px_error *err) {
    char key[PX_NAME_SIZE];
    const char *equals = strchr(setting, '=');
    if (!equals || equals == setting)
        return cli_fail_usage(call, err, "--set %s: write it as key=value", setting);
    snprintf(key, sizeof key, "%.*s", (int)(equals - setting), setting);
    px_status status = px_config_set(&call->config, key, equals + 1, err);
    return status ? cli_fail_prefix(err, status, "--set %s", setting) : PX_OK;
}

px_status cli_resolve_config(cli_call *call, px_error *err) {
    px_status status = PX_OK;
    call->config = px_config_default();
    if (call->config_path)
        status = px_config_load(&call->config, call->config_path, err);
    if (!status && call->profile)
        status = set_profile(call, err);
    for (size_t i = 0; !status && i < call->settings.n; i++)
        status = set_one(call, call->settings.items[i], err);
    if (!status && call->product) {
        status = px_config_set(&call->config, "product", call->product, err);
        if (status)
            return cli_fail_prefix(err, status, "--product");
    }
    return status ? status : px_config_check(&call->config, err);
}
