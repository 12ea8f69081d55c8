package io.solebox.server.http;

import io.solebox.server.limits.Account;

/**
 * Who sends a request.
 *
 * @param name of the key, never the key itself; empty for the person at this machine, where there
 *     are no keys
 * @param administrator whether it may change what the server does for everybody
 * @param account what it may use, and has used
 */
public record Caller(String name, boolean administrator, Account account) {}
