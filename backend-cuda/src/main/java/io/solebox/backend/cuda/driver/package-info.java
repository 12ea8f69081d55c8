/**
 * The CUDA driver API through FFM, and small owners of what it hands out. Knows nothing of models.
 */
package io.solebox.backend.cuda.driver;
