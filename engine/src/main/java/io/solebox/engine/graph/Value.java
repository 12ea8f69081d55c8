package io.solebox.engine.graph;

/**
 * An activation: f32 [T, width], T = tokens of the step (or [rows, width] after {@link
 * Op.SelectRows}).
 *
 * @param id unique in its graph, dense from 0
 * @param name for people, as in {@code blk.3.ffn_norm}
 * @param width elements per token
 */
public record Value(int id, String name, int width) {}
