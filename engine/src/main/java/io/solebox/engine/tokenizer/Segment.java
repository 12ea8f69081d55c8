package io.solebox.engine.tokenizer;

/**
 * A stretch of a text and what the text of special tokens in it means. A token is found only where
 * one stretch, or several of a kind, hold all of it.
 */
public record Segment(String text, Tokenizer.Specials specials) {}
