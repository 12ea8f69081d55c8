package io.solebox.server.answers;

import io.solebox.server.http.RequestNotes;
import io.solebox.server.limits.Account;

/**
 * Work that no connection waits for.
 *
 * @param terms on which answers are made; their user is the owner of what is kept of them
 * @param account of who pays for it
 * @param notes what will be told of it
 */
public record DetachedWork(Terms terms, Account account, RequestNotes notes) {}
