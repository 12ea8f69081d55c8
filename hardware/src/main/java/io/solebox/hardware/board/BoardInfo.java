package io.solebox.hardware.board;

/**
 * Who a board is.
 *
 * @param link version of the link
 * @param firmware as in {@code 1.0.0}
 * @param boot which start of the firmware since power came
 * @param afterWatchdog whether it began because it hung
 * @param log how many events it keeps
 * @param board its name
 */
public record BoardInfo(
    int link, String firmware, int boot, boolean afterWatchdog, int log, String board) {}
