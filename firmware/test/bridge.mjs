// The firmware in the emulator, by the clock, behind a TCP port: `solebox board status --at tcp:127.0.0.1:PORT` speaks with it as
// with a board at a serial port. Ends when its input does.
//
//   node firmware/test/bridge.mjs [PORT]     0, and where it is left out: any that is free
import { createServer } from "node:net";
import { Board } from "./rig/board.mjs";

const TURN_MS = 5;
/** An emulator that cannot keep up is slow, and not ever further behind. */
const MOST_MS = 50;

const board = new Board();
const sockets = new Set();
const server = createServer((socket) => {
  sockets.add(socket.setNoDelay(true));
  socket.on("data", (bytes) => board.send(bytes));
  socket.on("error", () => {}); // 'close' follows
  socket.on("close", () => sockets.delete(socket));
});

let last = performance.now();
const turns = setInterval(() => {
  const now = performance.now();
  board.run(Math.min(now - last, MOST_MS));
  last = now;
  const bytes = Buffer.from(board.heard.splice(0));
  if (bytes.length > 0) for (const socket of sockets) socket.write(bytes);
  board.trace.length = 0;
}, TURN_MS);

server.listen(Number(process.argv[2] ?? 0), "127.0.0.1", () => console.log(`tcp:127.0.0.1:${server.address().port}`));
process.stdin.resume().on("end", () => {
  clearInterval(turns);
  for (const socket of sockets) socket.destroy();
  server.close();
});
