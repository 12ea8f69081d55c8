// A host as an SPI master, and what the emulator lacks of the controller's slave: it sends as a master does, at once; here a byte
// that it sent waits until the host clocks.
import assert from "node:assert/strict";

const MODE_3 = (1 << 7) | (1 << 6), SLAVE_ENABLED = (1 << 2) | (1 << 1);

export class SpiMaster {
  constructor(mcu, select) {
    this.mcu = mcu;
    this.select = select;
    this.slave = mcu.spi[0];
    this.waiting = undefined;
    this.slave.onTransmit = (byte) => (this.waiting = byte);
    mcu.gpio[select].setInputValue(true);
  }

  exchange(byte) {
    if (this.waiting === undefined) {
      this.slave.rxFIFO.push(byte);
      this.slave.fifosUpdated();
      return 0;
    }
    const sent = this.waiting;
    this.waiting = undefined;
    this.slave.completeTransmit(byte);
    return sent;
  }

  /** One transfer: select low, the bytes, select high; returns what was read. */
  transfer(board, bytes, hertz = 1e6) {
    assert.equal(this.slave.control0 & MODE_3, MODE_3, "the slave is not in mode 3");
    assert.equal(this.slave.control1 & SLAVE_ENABLED, SLAVE_ENABLED, "the slave is not enabled");
    this.mcu.gpio[this.select].setInputValue(false);
    const read = bytes.map((byte) => {
      board.run(8000 / hertz);
      return this.exchange(byte);
    });
    this.mcu.gpio[this.select].setInputValue(true);
    return read;
  }
}
