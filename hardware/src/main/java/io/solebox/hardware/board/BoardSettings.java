package io.solebox.hardware.board;

import io.solebox.hardware.board.line.BoardAddress;

/**
 * The board that a machine is on, as its owner says.
 *
 * @param heartbeat whether a server tells it that it is alive; it takes the power of one that falls
 *     silent
 */
public record BoardSettings(BoardAddress address, boolean heartbeat) {}
