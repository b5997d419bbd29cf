from paramiko.client import AutoAddPolicy as AutoAddPolicy, SSHClient as SSHClient
