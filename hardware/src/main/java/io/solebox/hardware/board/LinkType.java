package io.solebox.hardware.board;

/** Numbers of the link ({@code firmware/core/link.h}, {@code firmware/core/ctl.h}). */
final class LinkType {
  static final int GET_INFO = 0x01;
  static final int GET_STATUS = 0x02;
  static final int GET_EVENTS = 0x03;
  static final int HEARTBEAT = 0x10;
  static final int GOODBYE = 0x11;
  static final int ON = 0x12;
  static final int OFF = 0x13;
  static final int CYCLE = 0x14;
  static final int RESET_FAULT = 0x15;
  static final int EMERGENCY_STOP = 0x16;
  static final int FAN = 0x17;
  static final int INFO = 0x81;
  static final int STATUS = 0x82;
  static final int EVENTS = 0x83;
  static final int ACK = 0x90;
  static final int ERROR = 0x9f;

  private LinkType() {}
}
