"""Threes & Sevens: exercises for the MNIST lesson, a self-check and a grader."""
