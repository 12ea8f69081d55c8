// Finished rows in a file, so that an interrupted table can be completed.
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { Failure } from "./failure.mjs";

/** Rows in the order of the table; kept in a file if one is named. */
export class Results {
  constructor(file) {
    this.file = file;
    this.rows = file !== undefined && existsSync(file) ? read(file) : [];
  }

  has(model, test) {
    return this.rows.some((row) => row.model === model.shape && row.format === model.format && row.test === test.name);
  }

  add(row) {
    this.rows.push(row);
    if (this.file !== undefined) {
      writeFileSync(this.file + ".part", JSON.stringify(this.rows, null, 1) + "\n");
      renameSync(this.file + ".part", this.file);
    }
  }
}

function read(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new Failure(`${file} is no table of earlier rows: ${error.message}`, "Name another file, or delete it.");
  }
}
