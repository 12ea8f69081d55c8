package io.solebox.planner.speed;

import io.solebox.engine.backend.KvType;

/**
 * What a model is asked for.
 *
 * @param clients at once, each with a sequence
 * @param prompt tokens of a question
 * @param context positions behind a token that is made, on average
 * @param stepTokens of prompts that a step takes at most
 */
public record Traffic(int clients, int prompt, int context, int stepTokens, KvType kvType) {}
