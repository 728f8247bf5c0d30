// SPDX-License-Identifier: Apache-2.0
/* Passwords and sessions, while both change. */
#include "server/access/secrets.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char OLD[] = "the password of before", NEW[] = "the password of today";

/* One who signs in with the old password. */
typedef struct guest {
    secrets *secrets;
    bool let_in;
    char session[SECRETS_TEXT_SIZE];
} guest;

static void *sign_in(void *user) {
    guest *own = user;
    own->let_in = secrets_sign_in(own->secrets, OLD, 0, own->session);
    return NULL;
}

/* Passwords are looked at one at a time, so that the last of several is let in after the new one is set. */
static void a_password_that_changes_during_a_sign_in_ends_its_session(void **state) {
    enum { GUESTS = 6 };
    guest guests[GUESTS] = {0};
    pthread_t threads[GUESTS];
    char home[] = "/tmp/pixity-secrets-XXXXXX", path[64], session[SECRETS_TEXT_SIZE];
    secrets *own = NULL;
    (void)state;
    assert_non_null(mkdtemp(home));
    assert_int_equal(secrets_set_password(home, OLD, NULL), PX_OK);
    assert_int_equal(secrets_open(home, &own, NULL), PX_OK);
    assert_true(secrets_sign_in(own, OLD, 0, session) && secrets_check_session(own, 0, session));
    for (int i = 0; i < GUESTS; i++) {
        guests[i].secrets = own;
        assert_int_equal(pthread_create(&threads[i], NULL, sign_in, &guests[i]), 0);
    }
    assert_int_equal(secrets_set_password(home, NEW, NULL), PX_OK);
    for (int i = 0; i < GUESTS; i++) {
        pthread_join(threads[i], NULL);
        assert_false(guests[i].let_in && secrets_check_session(own, 0, guests[i].session));
    }
    assert_false(secrets_check_session(own, 0, session) || secrets_sign_in(own, OLD, 0, session));
    assert_true(secrets_sign_in(own, NEW, 0, session) && secrets_check_session(own, 0, session));
    secrets_close(&own);
    for (int i = 0; i < 2; i++) {
        snprintf(path, sizeof path, "%s/server.%s", home, i ? "password" : "key");
        remove(path);
    }
    remove(home);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_that_changes_during_a_sign_in_ends_its_session),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
