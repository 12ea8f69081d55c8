package io.solebox.planner.speed;

import io.solebox.planner.work.StepWork;

/**
 * Some layers of a model on a device.
 *
 * @param work of its steps
 */
public record Stage(DevicePaces device, StepWork work) {}
