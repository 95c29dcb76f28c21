"""What the office does: one file a subject, one function a verb. A service never commits, never knows Qt,
never calls the network.
"""
