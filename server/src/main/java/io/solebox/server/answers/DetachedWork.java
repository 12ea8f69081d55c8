package io.solebox.server.answers;

import io.solebox.server.http.Caller;
import io.solebox.server.http.RequestNotes;

/**
 * Work that no connection waits for.
 *
 * @param terms on which answers are made; their user is the owner of what is kept of them
 * @param caller who pays for it, and may use its model
 * @param notes what will be told of it
 */
public record DetachedWork(Terms terms, Caller caller, RequestNotes notes) {}
