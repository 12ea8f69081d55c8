package io.solebox.server.answers;

import io.solebox.server.http.Caller;
import io.solebox.server.http.RequestNotes;

/**
 * Work that no connection waits for.
 *
 * @param path by which its like is asked for over a connection
 * @param terms on which answers are made; their user is the owner of what is kept of them
 * @param caller who pays for it, and may use its model
 * @param notes what will be told of it
 */
public record DetachedWork(String path, Terms terms, Caller caller, RequestNotes notes) {}
