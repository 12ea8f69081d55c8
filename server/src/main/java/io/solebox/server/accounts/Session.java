package io.solebox.server.accounts;

import java.time.Instant;

/**
 * Somebody who is signed in somewhere.
 *
 * @param id of the session, which opens nothing
 * @param user by id
 * @param expires when it ends, however it is used
 * @param address of the machine that signed in
 * @param agent what the browser calls itself
 */
public record Session(
    String id,
    String user,
    Instant created,
    Instant lastUse,
    Instant expires,
    String address,
    String agent) {}
