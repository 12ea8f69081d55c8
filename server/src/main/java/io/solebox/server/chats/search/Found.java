package io.solebox.server.chats.search;

import java.util.List;

/**
 * What a search has found so far.
 *
 * @param indexed of all chats, the part that was looked at: 1 where that is all of them
 */
public record Found(List<Hit> hits, double indexed) {}
